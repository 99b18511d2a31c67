package bedload.work;

import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.ledger.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a job's tags ask of a service that runs with a test clock, so that a pipeline's handling of
 * every end can be tested in seconds. Each end comes about the way it always does: by a timeout, a
 * stop, a failure; only its moment is chosen.
 *
 * @param pace how many times as fast the job's timeout comes
 * @param end null for whichever comes by itself
 */
record TestWishes(int pace, @Nullable JobStatus end) {
  /** The tag that names the end. */
  static final String END = "bedload:end";

  /** The tag that says how many seconds of the job's timeout pass in one. */
  static final String PACE = "bedload:pace";

  private static final int FASTEST = 1_000_000;
  private static final Set<JobStatus> ENDS =
      EnumSet.of(
          JobStatus.EXPIRED,
          JobStatus.PARTIALLY_COMPLETED,
          JobStatus.FAILED,
          JobStatus.STOPPED,
          JobStatus.COMPLETED);

  private static final TestWishes NONE = new TestWishes(1, null);

  /**
   * Reads a job's tags.
   *
   * @param granted whether this service has a test clock
   * @throws JobTrouble if they ask for what is not granted, or does not exist
   */
  static TestWishes of(Job job, boolean granted) throws JobTrouble {
    Map<String, String> tags = job.spec().tags();
    String end = tags.get(END);
    String pace = tags.get(PACE);
    if (end == null && pace == null) {
      return NONE;
    }
    if (!granted) {
      throw new JobTrouble(
          "The tag %s asks for a test clock, and this service has none. Start it with `bedload serve --test-clock`, or create the job without the tag."
              .formatted(end == null ? PACE : END));
    }
    return new TestWishes(pace == null ? 1 : pace(pace), end == null ? null : end(end));
  }

  private static int pace(String text) throws JobTrouble {
    try {
      int pace = Integer.parseInt(text);
      if (pace >= 1 && pace <= FASTEST) {
        return pace;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw new JobTrouble(
        "The tag %s is a whole number from 1 to %,d, by which the job's timeout comes sooner; this is '%s'."
            .formatted(PACE, FASTEST, text));
  }

  private static JobStatus end(String text) throws JobTrouble {
    return ENDS.stream()
        .filter(status -> status.wireName().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new JobTrouble(
                    "The tag %s names one of %s; this is '%s'."
                        .formatted(
                            END, ENDS.stream().map(JobStatus::wireName).sorted().toList(), text)));
  }

  /** Fails the job if that is the end it asks for. */
  void failIfWished() throws JobTrouble {
    if (end == JobStatus.FAILED) {
      throw new JobTrouble(String.valueOf(message()));
    }
  }

  /**
   * Returns how many records a shard may hold, so that the job can end in its middle.
   *
   * @param records how many the input holds that is to be cut
   * @param ordinary how many a shard holds otherwise
   */
  int shardRecords(long records, int ordinary) {
    return endsHalfway() ? Math.clamp((records + 1) / 2, 1, ordinary) : ordinary;
  }

  private boolean endsHalfway() {
    return end == JobStatus.PARTIALLY_COMPLETED || end == JobStatus.STOPPED;
  }

  /**
   * Returns what the ledger is to do; null if nothing was asked for.
   *
   * @param shards how many shards the job was cut into
   * @param now the moment at which the timeout of a job that shall expire comes
   */
  Plan.@Nullable Test plan(Job job, int shards, Instant now) {
    if (end == null && pace == 1) {
      return null;
    }
    Duration timeout = job.spec().timeout().dividedBy(pace);
    Instant deadline = end == JobStatus.EXPIRED ? now : job.submitTime().plus(timeout);
    return endsHalfway()
        ? new Plan.Test(deadline, shards / 2, end)
        : new Plan.Test(deadline, shards, null);
  }

  /** Returns the sentence by which such a job says that it is a test; null if it is none. */
  @Nullable String message() {
    List<String> wishes = new ArrayList<>();
    if (end != null) {
      wishes.add("the end %s was asked for by the tag %s".formatted(end.wireName(), END));
    }
    if (pace > 1) {
      wishes.add("its timeout comes %,d times as fast by the tag %s".formatted(pace, PACE));
    }
    return wishes.isEmpty() ? null : "Test clock: " + String.join("; ", wishes) + ".";
  }
}
