package bedload.web;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.JobStatus;
import bedload.ledger.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private Instant now = Instant.parse("2026-05-01T12:00:00Z");
  private int readings;
  private boolean isAway;
  private final Metrics metrics = new Metrics(this::figures, () -> now);

  private Figures.Reading figures() {
    readings++;
    if (isAway) {
      throw new IllegalStateException("the database is away");
    }
    return new Figures.Reading(
        List.of(
            new Figures.InStatus(JobStatus.COMPLETED, 3, 290, 10),
            new Figures.InStatus(JobStatus.IN_PROGRESS, 1, 5, 0)),
        new Figures.Waiting(4, 12.5, 3, 2, 1.5, 123));
  }

  @Test
  void figuresHaveTheNamesThatTheDashboardAsksFor() {
    metrics.watchModel("acme.chat", () -> 7, () -> 64);
    metrics.watchReason("acme.chat", List.of("enough", "refused"), () -> "refused");
    metrics.answered("bedrock", "POST", 200, Duration.ofMillis(20));

    assertThat(metrics.scrape())
        .contains("bedload_jobs{status=\"Completed\"} 3.0", "bedload_jobs{status=\"Failed\"} 0.0")
        .contains("bedload_records_total{outcome=\"success\"} 295.0")
        .contains("bedload_records_total{outcome=\"error\"} 10.0")
        .contains("bedload_jobs_started_total 4.0", "bedload_jobs_waited_seconds_total 12.5")
        .contains("bedload_jobs_longest_wait_seconds 3.0")
        .contains("bedload_collector_waiting_events 2.0", "bedload_collector_lag_seconds 1.5")
        .contains("bedload_model_in_flight{model=\"acme.chat\"} 7.0")
        .contains("bedload_model_limit_reason{model=\"acme.chat\",reason=\"enough\"} 0.0")
        .contains("bedload_model_limit_reason{model=\"acme.chat\",reason=\"refused\"} 1.0")
        .contains("bedload_records_waiting 123.0")
        .contains("bedload_model_limit{model=\"acme.chat\"} 64.0")
        .contains(
            "bedload_http_requests_seconds_count{door=\"bedrock\",method=\"POST\",status=\"200\"} 1")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void manyScrapesAreFewReadings() {
    metrics.scrape();
    metrics.scrape();
    assertThat(readings).isEqualTo(1);

    now = now.plusSeconds(11);
    metrics.scrape();
    assertThat(readings).isEqualTo(2);
  }

  @Test
  void aDatabaseThatIsAwayLeavesTheLastFigures() {
    metrics.scrape();
    isAway = true;
    now = now.plusSeconds(11);

    assertThat(metrics.scrape()).contains("bedload_jobs{status=\"Completed\"} 3.0");
  }
}
