package bedload.object;

import bedload.job.Job;
import bedload.job.S3Uri;
import java.util.stream.StreamSupport;

/** The objects into which the outcomes of a job's records are written when it ends. */
public final class JobOutputs {
  /** What the key of each ends with. */
  public static final String EXTENSION = ".jsonl.out";

  private JobOutputs() {}

  /** Returns the outputs of a job, in the order of their keys; they are fetched on the way. */
  public static Iterable<StoredObject> of(ObjectStore store, Job job) {
    Iterable<StoredObject> all = store.list(folder(job));
    return () ->
        StreamSupport.stream(all.spliterator(), false)
            .filter(object -> object.uri().key().endsWith(EXTENSION))
            .iterator();
  }

  /** Returns where they are, with the manifest and whatever else a job writes. */
  public static S3Uri folder(Job job) {
    return job.outputFolder().resolve("");
  }
}
