package bedload.work;

import bedload.object.ObjectStoreException;

/**
 * Which failures of an object store are the job's to answer for; all others are the world's, and
 * tried again.
 */
final class StoreTrouble {
  private StoreTrouble() {}

  /** A use of the store. */
  interface Use<T> {
    T run() throws JobTrouble;
  }

  /**
   * Uses the store for a job.
   *
   * @param wanted what the job needs, to begin the sentence with
   * @throws JobTrouble if the store refuses for good: no such bucket or object, or no right to it
   */
  static <T> T orFailJob(String wanted, Use<T> use) throws JobTrouble {
    try {
      return use.run();
    } catch (ObjectStoreException e) {
      if (isFinal(e)) {
        throw new JobTrouble(wanted + ": " + e.getMessage());
      }
      throw e;
    }
  }

  /** Says whether the store will answer the same however often it is asked. */
  static boolean isFinal(ObjectStoreException failure) {
    return switch (failure.kind()) {
      case NO_SUCH_BUCKET, NO_SUCH_KEY, ACCESS_DENIED, CHANGED, REFUSED -> true;
      case UNAVAILABLE, INTERRUPTED -> false;
    };
  }
}
