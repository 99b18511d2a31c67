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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what only a running job needs: segments, shards, journals. */
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
    try (JobLog _ = JobLog.of(job)) {
      deleteSegments(job);
    }
    shards.forget(id);
    CrashPoint.SHARDS_FORGOTTEN.pass();
    journals.forget(id);
    CrashPoint.JOURNALS_FORGOTTEN.pass();
  }

  private void deleteSegments(Job job) {
    ObjectStore store = stores.output(job);
    try {
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
    } catch (ObjectStoreException e) {
      if (!StoreTrouble.isFinal(e)) {
        throw e;
      }
      // A job can fail because its bucket is gone or closed: then there is nothing to remove.
      LOG.warn("Job {}: segments cannot be removed: {}", job.arn(), e.getMessage());
    }
  }

  /**
   * Removes journals of jobs that ended while this node was away; to be called once, at its start.
   */
  void journalsOfEndedJobs() throws IOException {
    for (JobId id : journals.jobs()) {
      if (steps.find(id).map(job -> job.status().isFinal()).orElse(true)) {
        journals.forget(id);
        CrashPoint.OLD_JOURNALS_FORGOTTEN.pass();
      }
    }
  }
}
