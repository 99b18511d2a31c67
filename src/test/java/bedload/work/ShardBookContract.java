package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.JobId;
import bedload.job.Lease;
import bedload.job.Ordinals;
import bedload.job.TokenUsage;
import bedload.ledger.Segment;
import bedload.ledger.ShardBook;
import bedload.ledger.Shards;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every book of shards does; the ledger's and the double of simulations extend this. */
interface ShardBookContract {
  /** Returns the book under test. */
  ShardBook book();

  /** Returns a job that runs, with two shards of ten records that nobody has claimed. */
  JobId runningJob();

  /** Gives the task of a shard to a node, as the list of tasks does. */
  void pick(JobId job, int number, String node);

  /** Says whether somebody has been called for to assemble the job. */
  boolean isAssemblyDue(JobId job);

  private Lease claim(JobId job, int number, String node) {
    pick(job, number, node);
    return book().claim(job, number, node).orElseThrow();
  }

  private static Segment segment(int epoch, int sequence, int... ordinals) {
    Ordinals set = Ordinals.none();
    for (int ordinal : ordinals) {
      set.add(ordinal);
    }
    return new Segment(
        epoch, sequence, set, ordinals.length, 0, TokenUsage.of(5L, null), 100, 123_456_789L);
  }

  @Test
  default void theFirstClaimHasEpochOneAndEachLaterOneAGreater() {
    JobId job = runningJob();

    assertThat(claim(job, 0, "a").epoch()).isEqualTo(1);
    assertThat(claim(job, 0, "b").epoch()).isEqualTo(2);
    assertThat(claim(job, 1, "b").epoch()).isEqualTo(1);
    assertThat(claim(job, 0, "a").shard().records()).isEqualTo(10);
  }

  @Test
  default void onlyWhoHasPickedTheTaskClaims() {
    JobId job = runningJob();
    Lease holder = claim(job, 0, "a");

    assertThat(book().claim(job, 0, "b")).isEmpty();
    assertThat(book().claim(job, 1, "a")).isEmpty();

    assertThat(book().pulse(holder)).isEqualTo(Shards.Pulse.GO_ON);
  }

  @Test
  default void aVoidLeaseChangesNothingAndIsToldSo() {
    JobId job = runningJob();
    Lease sleeper = claim(job, 0, "a");
    Lease holder = claim(job, 0, "b");

    assertThat(book().pulse(sleeper)).isEqualTo(Shards.Pulse.LOST);
    assertThat(book().commit(sleeper, segment(1, 0, 0, 1), List.of())).isFalse();
    assertThat(book().finish(sleeper, true)).isFalse();

    assertThat(book().segments(holder.shard())).isEmpty();
    assertThat(book().pulse(holder)).isEqualTo(Shards.Pulse.GO_ON);
    assertThat(book().commit(holder, segment(2, 0, 0, 1), List.of())).isTrue();
  }

  @Test
  default void aSegmentReadsBackAsItWasCommittedHoweverOftenThatWas() {
    JobId job = runningJob();
    Lease lease = claim(job, 0, "a");
    Segment segment = segment(1, 0, 0, 3, 9);

    assertThat(book().commit(lease, segment, List.of())).isTrue();
    assertThat(book().commit(lease, segment, List.of())).isTrue();

    assertThat(book().segments(lease.shard())).containsExactly(segment);
  }

  /** A claim adopts what an earlier one has left, after it has written some of its own. */
  @Test
  default void segmentsComeByEpochAndSequenceInWhateverOrderTheyWereCommitted() {
    JobId job = runningJob();
    claim(job, 0, "a");
    Lease lease = claim(job, 0, "b");
    Segment own = segment(2, 0, 5);
    Segment late = segment(1, 11, 6);
    Segment early = segment(1, 2, 7);

    book().commit(lease, own, List.of());
    book().commit(lease, late, List.of());
    book().commit(lease, early, List.of());

    assertThat(book().segments(lease.shard())).containsExactly(early, late, own);
  }

  @Test
  default void aShardThatHasEndedIsNobodysAnyMore() {
    JobId job = runningJob();
    Lease lease = claim(job, 0, "a");

    assertThat(book().finish(lease, true)).isTrue();

    assertThat(book().claim(job, 0, "a")).isEmpty();
    assertThat(book().pulse(lease)).isEqualTo(Shards.Pulse.LOST);
    assertThat(book().commit(lease, segment(1, 0, 0), List.of())).isFalse();
    assertThat(book().finish(lease, true)).isFalse();
    assertThat(book().segments(lease.shard())).isEmpty();
  }

  @Test
  default void whoeverEndsTheLastShardCallsForAssemblyAndNobodyElseDoes() {
    JobId job = runningJob();
    Lease first = claim(job, 0, "a");
    Lease sleeper = claim(job, 1, "b");
    Lease last = claim(job, 1, "a");

    book().finish(first, true);
    assertThat(isAssemblyDue(job)).isFalse();
    book().finish(sleeper, true);
    assertThat(isAssemblyDue(job)).isFalse();
    book().finish(last, true);
    assertThat(isAssemblyDue(job)).isTrue();
  }
}
