package bedload.web;

import bedload.job.Job;
import bedload.job.S3Uri;
import bedload.object.JobOutputs;
import bedload.object.ObjectStore;
import bedload.object.ObjectStores;
import bedload.object.StoredObject;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The outputs of jobs: to look at and to download. */
final class JobFiles {
  private static final String MANIFEST = "manifest.json.out";

  /** More make a page that nobody reads. */
  private static final int MOST_LISTED = 1_000;

  private final ObjectStores stores;

  JobFiles(ObjectStores stores) {
    this.stores = stores;
  }

  /** Returns the outputs of a job that has ended, the first thousand of them by name. */
  List<StoredObject> outputs(Job job) {
    List<StoredObject> outputs = new ArrayList<>();
    for (StoredObject object : store(job).list(JobOutputs.folder(job))) {
      if (isOutput(object.uri().key()) && outputs.size() < MOST_LISTED) {
        outputs.add(object);
      }
    }
    return outputs;
  }

  private static boolean isOutput(String key) {
    return key.endsWith(JobOutputs.EXTENSION) || key.endsWith("/" + MANIFEST);
  }

  /**
   * Opens an output by its name below the job's folder; empty if there is none of that name. No
   * other object of the account can be named so.
   */
  Optional<InputStream> open(Job job, String name) {
    S3Uri object = job.outputFolder().resolve(name);
    ObjectStore store = store(job);
    return isOutput(object.key()) && object.key().startsWith(job.outputFolder().asPrefix())
        ? store.head(object).map(found -> store.read(found.uri()))
        : Optional.empty();
  }

  private ObjectStore store(Job job) {
    return store(stores, job);
  }

  /** Returns the store of a job's outputs, which writes as the job itself did. */
  static ObjectStore store(ObjectStores stores, Job job) {
    ObjectStore store = stores.of(job.account());
    String key = job.spec().output().encryptionKeyId();
    return key == null ? store : store.encryptingWith(key);
  }
}
