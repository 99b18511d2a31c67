package bedload.work;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.object.ObjectStore;
import bedload.object.ObjectStores;

/**
 * The object store as a job may use it: with its role's keys or its account's, only buckets of the
 * owners that it names, and its output encrypted with the key that it names. Thread-safe.
 */
final class JobStores {
  private final ObjectStores stores;

  JobStores(ObjectStores stores) {
    this.stores = stores;
  }

  /** Fails a job whose role cannot be assumed, where the store is used with roles. */
  void requireRole(Job job) throws JobTrouble {
    StoreTrouble.orFailJob(
        "The job's role cannot be used",
        () -> {
          stores.requireRole(job.spec().roleArn(), session(job));
          return job;
        });
  }

  /** So the store's own records tell which job it was. */
  private static String session(Job job) {
    return "bedload-" + job.id().value();
  }

  /** Returns the store for a job's input. */
  ObjectStore input(Job job) {
    return of(job, job.spec().input().bucketOwner());
  }

  /** Returns the store for everything that a job writes. */
  ObjectStore output(Job job) {
    ObjectStore store = of(job, job.spec().output().bucketOwner());
    String key = job.spec().output().encryptionKeyId();
    return key == null ? store : store.encryptingWith(key);
  }

  private ObjectStore of(Job job, AccountId owner) {
    ObjectStore store = stores.of(job.account(), job.spec().roleArn(), session(job));
    // No account of AWS has that number: it stands for whoever owns the keys of this process.
    boolean isUnknown = owner.equals(AccountId.DEFAULT) && job.account().equals(AccountId.DEFAULT);
    return isUnknown ? store : store.expectingOwner(owner);
  }
}
