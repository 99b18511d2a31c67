package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.RecordCounts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final StringWriter written = new StringWriter();

  @Test
  void aBarFillsAsRecordsAreDone() {
    assertThat(ProgressLine.bar(RecordCounts.NONE)).isEmpty();
    assertThat(ProgressLine.bar(new RecordCounts(24, 11, 1)))
        .isEqualTo("  [============            ]  50 %");
    assertThat(ProgressLine.bar(new RecordCounts(3, 3, 0)))
        .contains("[" + "=".repeat(24) + "] 100 %");
  }

  @Test
  void recordsThatNobodyHasCountedAreNotNought() {
    ProgressLine progress = new ProgressLine(new PrintWriter(written), false);

    progress.show("Validating", RecordCounts.NONE, Duration.ofSeconds(2));
    progress.show("Failed", RecordCounts.NONE, Duration.ofSeconds(3));

    assertThat(written.toString().lines())
        .containsExactly(
            "  Validating   records not counted yet  2.0 s",
            "  Failed       records not counted  3.0 s");
  }

  @Test
  void aPipeGetsWholeLinesAndFewOfThem() {
    ProgressLine progress = new ProgressLine(new PrintWriter(written), false);
    RecordCounts counts = new RecordCounts(10, 5, 0);

    progress.show("InProgress", counts, Duration.ofMillis(100));
    progress.show("InProgress", counts, Duration.ofMillis(300));
    progress.show("Completed", counts, Duration.ofMillis(500));
    progress.end();

    assertThat(written.toString()).doesNotContain("\r", "[");
    assertThat(written.toString().lines()).hasSize(2);
  }

  @Test
  void aTerminalsLineIsWrittenOver() {
    ProgressLine progress = new ProgressLine(new PrintWriter(written), true);

    progress.show("InProgress", new RecordCounts(10, 5, 0), Duration.ofSeconds(1));
    progress.show("Completed", new RecordCounts(10, 10, 0), Duration.ofSeconds(2));

    assertThat(written.toString()).startsWith("\r").doesNotContain("\n").contains("[====");
  }

  /** Who looks in at half time must not see the first half's records as the pace of a moment. */
  @Test
  void paceIsOfTheRecordsSinceTheWatchBegan() {
    ProgressLine progress = new ProgressLine(new PrintWriter(written), false);

    progress.show("InProgress", new RecordCounts(2000, 1000, 0), Duration.ofMillis(100));
    progress.show("Stopping", new RecordCounts(2000, 1200, 0), Duration.ofSeconds(10));

    assertThat(written.toString().lines().toList().getLast())
        .contains("20 records/s", "about 40 s left");
  }
}
