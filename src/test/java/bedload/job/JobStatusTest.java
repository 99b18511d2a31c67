package bedload.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The laws of the lifecycle; no example of it. */
class JobStatusTest {
  @Test
  void everyStatusCanBeReachedFromSubmitted() {
    assertThat(reachableFrom(JobStatus.SUBMITTED))
        .isEqualTo(EnumSet.complementOf(EnumSet.of(JobStatus.SUBMITTED)));
  }

  @Test
  void everyStatusThatIsNotFinalMayFail() {
    for (JobStatus status : JobStatus.values()) {
      if (!status.isFinal()) {
        assertThat(status.next()).as(status.wireName()).contains(JobStatus.FAILED);
      }
    }
  }

  @Test
  void noStatusCanBeReachedFromItsSuccessors() {
    for (JobStatus status : JobStatus.values()) {
      assertThat(reachableFrom(status)).as(status.wireName()).doesNotContain(status);
    }
  }

  @Test
  void wireNamesReadBack() {
    for (JobStatus status : JobStatus.values()) {
      assertThat(JobStatus.ofWireName(status.wireName())).isEqualTo(status);
    }
    assertThatThrownBy(() -> JobStatus.ofWireName("Done"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("InProgress");
  }

  private static Set<JobStatus> reachableFrom(JobStatus start) {
    Set<JobStatus> reached = EnumSet.noneOf(JobStatus.class);
    visit(start, reached);
    return reached;
  }

  private static void visit(JobStatus from, Set<JobStatus> reached) {
    for (JobStatus next : from.next()) {
      if (reached.add(next)) {
        visit(next, reached);
      }
    }
  }
}
