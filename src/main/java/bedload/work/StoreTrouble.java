package bedload.work;

import bedload.object.ObjectStoreException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Which failures of an object store are the job's to answer for; all others are the world's, and
 * tried again. What is refused before a job runs fails it at once. A job that runs waits for {@link
 * StorePatience#TERM} first, and until its time is over once it has answers: they are paid for.
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

  /**
   * Says of a running job why nothing is done for it.
   *
   * @param wanted what the job needs, to begin the sentence with
   */
  static String pause(String wanted, Exception refusal) {
    return pause(wanted, refusal, Instant.MIN);
  }

  /**
   * As above.
   *
   * @param until when the job fails at the earliest
   */
  static String pause(String wanted, Exception refusal, Instant until) {
    String least =
        until.equals(Instant.MIN)
            ? ""
            : ", and until %s".formatted(until.truncatedTo(ChronoUnit.SECONDS));
    return "Paused: %s. %s. No call is made meanwhile. It is tried again and again; if that is in vain for %d minutes%s, the job fails."
        .formatted(lowerFirst(wanted), refusal.getMessage(), StorePatience.TERM.toMinutes(), least);
  }

  /**
   * Says of a running job that has answers why nothing is done for it.
   *
   * @param wanted what the job needs, to begin the sentence with
   * @param until when its time is over
   */
  static String waits(String wanted, Exception refusal, Instant until) {
    return "Paused: %s. %s. No call is made meanwhile, and what is answered is kept. It is tried again and again until the job's time is over, at %s."
        .formatted(lowerFirst(wanted), refusal.getMessage(), until.truncatedTo(ChronoUnit.SECONDS));
  }

  private static String lowerFirst(String sentence) {
    return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
  }

  /** Returns what a job fails with after it has waited in vain. */
  static JobTrouble atLast(String wanted, Exception refusal) {
    return new JobTrouble(
        "%s: %s. It was tried for %d minutes or longer. Mend that, then create the job anew or use `bedload retry`, which pays for its answers again."
            .formatted(wanted, refusal.getMessage(), StorePatience.TERM.toMinutes()));
  }
}
