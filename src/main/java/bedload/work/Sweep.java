package bedload.work;

import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.S3Uri;
import bedload.ledger.Shards;
import bedload.ledger.Steps;
import bedload.object.ObjectStore;
import bedload.object.ObjectStoreException;
import bedload.object.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what only a running job needs: segments, unfinished uploads, shards, journals. */
final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final int AT_ONCE = 1_000;

  private final Steps steps;
  private final Shards shards;
  private final JobStores stores;
  private final Journals journals;

  Sweep(Steps steps, Shards shards, JobStores stores, Journals journals) {
    this.steps = steps;
    this.shards = shards;
    this.stores = stores;
    this.journals = journals;
  }

  /** Sweeps up after a job that has ended. */
  void run(JobId id) throws IOException {
    Job job = steps.find(id).orElseThrow();
    clearStore(job);
    shards.forget(id);
    CrashPoint.SHARDS_FORGOTTEN.pass();
    journals.forget(id);
    CrashPoint.JOURNALS_FORGOTTEN.pass();
  }

  /**
   * Sweeps once more, long after the end: a node that was frozen, or a connection that was, may
   * have written after the first time.
   */
  void again(JobId id) {
    clearStore(steps.find(id).orElseThrow());
  }

  private void clearStore(Job job) {
    try (JobLog _ = JobLog.of(job)) {
      ObjectStore store = stores.output(job);
      attempt(job, "segments", () -> deleteSegments(store, job));
      attempt(job, "unfinished uploads", () -> abortUploads(store, job));
    }
  }

  private static void attempt(Job job, String what, Runnable removal) {
    try {
      removal.run();
    } catch (ObjectStoreException e) {
      if (!StoreTrouble.isFinal(e)) {
        throw e;
      }
      // A job can fail because its bucket is gone or closed: then there is nothing to remove.
      LOG.warn("Job {}: {} cannot be removed: {}", job.arn(), what, e.getMessage());
    }
  }

  private static void deleteSegments(ObjectStore store, Job job) {
    List<S3Uri> found = new ArrayList<>();
    for (StoredObject object : store.list(new SegmentObjects(store, job).folder())) {
      found.add(object.uri());
      if (found.size() == AT_ONCE) {
        store.deleteAll(found);
        found.clear();
      }
    }
    store.deleteAll(found);
    CrashPoint.SEGMENTS_DELETED.pass();
  }

  private static void abortUploads(ObjectStore store, Job job) {
    int count = store.abortUploads(job.outputFolder());
    CrashPoint.UPLOADS_ABORTED.pass();
    if (count > 0) {
      LOG.info("Job {}: {} uploads that nobody completed are forgotten", job.arn(), count);
    }
  }

  /**
   * Removes what this node still has of jobs that have ended: because it was away then, or frozen
   * and back. Such a node may have written segments, too, since the job was swept.
   */
  void leftOvers() throws IOException {
    for (JobId id : journals.jobs()) {
      Optional<Job> job = steps.find(id);
      if (job.isEmpty()) {
        journals.forget(id);
      } else if (job.get().status().isFinal()) {
        // The journals last: as long as they are here, the next round tries again.
        clearStore(job.get());
        journals.forget(id);
        CrashPoint.OLD_JOURNALS_FORGOTTEN.pass();
      }
    }
  }
}
