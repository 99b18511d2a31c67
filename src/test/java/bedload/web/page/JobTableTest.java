package bedload.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobTableTest {
  private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");

  private static String row(String message) {
    JobLine line =
        new JobLine(
            "/jobs/a", "nightly", "Failed", "model", NOW, NOW, List.of(), message, null, null);
    return JobTable.of(List.of(line), NOW).toString();
  }

  @Test
  void whyAJobFailedStandsInItsRowAsTextAndNothingWhereNothingWasSaid() {
    assertThat(row("in.jsonl:3: <b>no</b> JSON"))
        .contains("class=\"why\"")
        .contains("in.jsonl:3: &lt;b&gt;no&lt;/b&gt; JSON");
    assertThat(row("x".repeat(5000))).contains("… (5,000 characters)").hasSizeLessThan(3000);
    assertThat(row("")).doesNotContain("why");
  }

  @Test
  void largeNumbersAreBriefWhereThereIsNoRoom() {
    assertThat(List.of(0L, 999L, 1000L, 9_940L, 12_345L, 999_499L, 999_500L, 10_952_922L))
        .extracting(Texts::brief)
        .containsExactly("0", "999", "1.0k", "9.9k", "12k", "999k", "1.0M", "11M");
  }
}
