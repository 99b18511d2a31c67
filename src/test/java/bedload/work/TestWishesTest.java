package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobSpec;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import bedload.ledger.JobSpecs;
import bedload.ledger.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TestWishesTest {
  private static final Instant SUBMITTED = Instant.parse("2026-03-03T00:00:00Z");

  @Test
  void tagsOfOthersAskForNothing() throws JobTrouble {
    TestWishes wishes = TestWishes.of(job(Map.of("team", "data")), false);

    assertThat(wishes.message()).isNull();
    assertThat(wishes.plan(job(Map.of()), 3, SUBMITTED)).isNull();
    assertThat(wishes.shardRecords(10, 10_000)).isEqualTo(10_000);
  }

  @Test
  void aServiceWithoutATestClockRefusesBothTags() {
    for (String key : new String[] {TestWishes.END, TestWishes.PACE}) {
      assertThatThrownBy(() -> TestWishes.of(job(Map.of(key, "1")), false))
          .isInstanceOf(JobTrouble.class)
          .hasMessageContaining(key)
          .hasMessageContaining("--test-clock");
    }
  }

  @Test
  void whatCannotBeAskedForIsSaidWithWhatCan() {
    assertThatThrownBy(() -> TestWishes.of(job(Map.of(TestWishes.END, "Scheduled")), true))
        .hasMessageContaining("'Scheduled'")
        .hasMessageContaining("[Completed, Expired, Failed, PartiallyCompleted, Stopped]");
    for (String pace : new String[] {"0", "-1", "fast", "99999999999", "1.5"}) {
      assertThatThrownBy(() -> TestWishes.of(job(Map.of(TestWishes.PACE, pace)), true))
          .hasMessageContaining("'" + pace + "'");
    }
  }

  @Test
  void thePaceBringsTheTimeoutNearer() throws JobTrouble {
    Job job = job(Map.of(TestWishes.PACE, "3600"));
    TestWishes wishes = TestWishes.of(job, true);

    assertThat(wishes.plan(job, 3, SUBMITTED))
        .isEqualTo(new Plan.Test(SUBMITTED.plus(Duration.ofSeconds(24)), 3, null));
    assertThat(wishes.message()).contains("3,600 times as fast", TestWishes.PACE);
  }

  @Test
  void anEndInTheMiddleCutsTheInputInTwoAndRunsTheFirstHalf() throws JobTrouble {
    Job job = job(Map.of(TestWishes.END, "Stopped"));
    TestWishes wishes = TestWishes.of(job, true);

    assertThat(wishes.shardRecords(11, 10_000)).isEqualTo(6);
    assertThat(wishes.shardRecords(1, 10_000)).isEqualTo(1);
    assertThat(wishes.shardRecords(1_000_000, 10_000)).isEqualTo(10_000);
    assertThat(wishes.plan(job, 2, SUBMITTED))
        .isEqualTo(new Plan.Test(SUBMITTED.plus(Duration.ofHours(24)), 1, JobStatus.STOPPED));
    assertThat(wishes.message()).contains("Stopped", TestWishes.END);
  }

  private static Job job(Map<String, String> tags) {
    JobSpec plain = JobSpecs.named("job");
    JobSpec spec = JobSpecs.tagged(plain, tags);
    return new Job(
        new JobId("abcdefghijkl"),
        AccountId.DEFAULT,
        "us-east-1",
        spec,
        JobStatus.VALIDATING,
        null,
        SUBMITTED,
        SUBMITTED,
        null,
        RecordCounts.NONE);
  }
}
