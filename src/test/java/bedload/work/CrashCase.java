package bedload.work;

import bedload.job.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The way of one job: where the process that works on it dies, and dies again, before it is left
 * alone.
 *
 * @param deaths one a process, in their order
 * @param movesOn whether each process after the first bears another name, and so has to find out
 *     that the one before it is dead
 */
record CrashCase(Kind kind, List<CrashTrap> deaths, boolean movesOn) {
  static final int INPUTS = 3;
  static final int RECORDS_PER_INPUT = 40;
  static final int RECORDS = INPUTS * RECORDS_PER_INPUT;

  /** What becomes of a job that nothing befalls. */
  enum Kind {
    PLAIN(JobStatus.COMPLETED, RECORDS, ""),
    /** One record an input, so large that its segment is copied by the store. */
    LARGE(JobStatus.COMPLETED, INPUTS, ""),
    WRONG_LINE(JobStatus.FAILED, 0, ""),
    EXPIRES(JobStatus.EXPIRED, 0, "Expired"),
    HALFWAY(JobStatus.PARTIALLY_COMPLETED, RECORDS / 2, "PartiallyCompleted");

    final JobStatus end;

    /** How many records are answered: the first ones. */
    final int answered;

    private final String asked;

    Kind(JobStatus end, int answered, String asked) {
      this.end = end;
      this.answered = answered;
      this.asked = asked;
    }

    /** Returns the tags that make a test clock bring about the end. */
    Map<String, String> tags() {
      return asked.isEmpty() ? Map.of() : Map.of(TestWishes.END, asked);
    }
  }

  private static CrashCase of(Kind kind, String... deaths) {
    return new CrashCase(kind, Stream.of(deaths).map(CrashTrap::parse).toList(), false);
  }

  private static CrashCase plain(String... deaths) {
    return of(Kind.PLAIN, deaths);
  }

  /** Returns the point that the case is about. */
  CrashPoint point() {
    return deaths.getLast().point();
  }

  /** Returns all cases that a service with a database of its own can get into. */
  static List<CrashCase> ofOneNode() {
    List<CrashCase> cases = new ArrayList<>();
    for (CrashPoint once :
        List.of(
            CrashPoint.VALIDATING_BEGUN,
            CrashPoint.PROBE_WRITTEN,
            CrashPoint.SCHEDULED,
            CrashPoint.STARTED,
            CrashPoint.MANIFEST_WRITTEN,
            CrashPoint.ENDED,
            CrashPoint.SEGMENTS_DELETED,
            CrashPoint.UPLOADS_ABORTED,
            CrashPoint.SHARDS_FORGOTTEN,
            CrashPoint.JOURNALS_FORGOTTEN)) {
      cases.add(plain(once + ":1"));
    }
    cases.add(of(Kind.WRONG_LINE, "FAILED:1"));
    cases.add(of(Kind.EXPIRES, "TIMED_OUT:1"));
    cases.add(of(Kind.HALFWAY, "ASKED_END_MET:1"));
    cases.add(plain("JOURNALED:60", "PICKS_RELEASED:1"));
    cases.add(plain("SHARDS_FORGOTTEN:1", "OLD_JOURNALS_FORGOTTEN:1"));
    for (CrashPoint perShard :
        List.of(
            CrashPoint.SHARD_CLAIMED,
            CrashPoint.JOURNAL_CREATED,
            CrashPoint.JOURNAL_FORCED,
            CrashPoint.SEGMENT_DUE,
            CrashPoint.SEGMENT_PUT,
            CrashPoint.SEGMENT_COMMITTED,
            CrashPoint.JOURNAL_DELETED,
            CrashPoint.SHARD_FINISHED,
            CrashPoint.OUTPUT_DUE,
            CrashPoint.OUTPUT_WRITTEN)) {
      for (int hit = 1; hit <= INPUTS; hit++) {
        cases.add(plain(perShard + ":" + hit));
      }
    }
    for (CrashPoint perRecord :
        List.of(CrashPoint.CALL_DUE, CrashPoint.ANSWERED, CrashPoint.JOURNALED)) {
      for (int hit : new int[] {1, RECORDS / 2, RECORDS}) {
        cases.add(plain(perRecord + ":" + hit));
      }
    }
    for (int hit = 1; hit <= INPUTS; hit++) {
      cases.add(plain("SEGMENT_PUT:3+", "ORPHAN_ADOPTED:" + hit));
      cases.add(plain("SEGMENT_DUE:3+", "LEFT_OVER_ADOPTED:" + hit));
      cases.add(plain("SEGMENT_DUE:3+", "LEFT_OVER_DELETED:" + hit));
    }
    for (int hit = 1; hit <= INPUTS; hit++) {
      cases.add(of(Kind.LARGE, "PART_COPIED:" + hit));
    }
    cases.add(of(Kind.LARGE, "PART_COPIED:2", "UPLOADS_ABORTED:1"));
    cases.add(plain("JOURNALED:60", "SEGMENT_PUT:1", "ORPHAN_ADOPTED:1"));
    cases.add(plain("JOURNALED:40", "JOURNALED:20", "JOURNALED:20", "SEGMENT_PUT:2"));
    cases.add(plain("SCHEDULED:1", "STARTED:1", "SHARD_CLAIMED:2", "OUTPUT_WRITTEN:2", "ENDED:1"));
    return cases;
  }

  /** Returns the cases that only nodes over a common database get into. */
  static List<CrashCase> ofSeveralNodes() {
    return Stream.of(1, 2, 3)
        .map(
            hit ->
                new CrashCase(
                    Kind.PLAIN,
                    List.of(
                        CrashTrap.parse("SEGMENT_DUE:3+"), CrashTrap.parse("TAKEN_OVER:" + hit)),
                    true))
        .toList();
  }

  @Override
  public String toString() {
    return deaths.stream().map(CrashTrap::toString).collect(Collectors.joining(" then "))
        + (movesOn ? " on another node" : "");
  }
}
