package bedload.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.CollectorPolicy;
import bedload.catalog.OwnSources;
import bedload.catalog.ResourceTypes;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The page of sources tells how fresh own jobs are, and what IAM has to allow for the others. */
class SourcesPageTest {
  private static final Layout LAYOUT = new Layout("000000000000", "token");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static String page(@Nullable String error, CollectorPolicy policy) {
    OwnSources.Status own =
        new OwnSources.Status(
            "000000000000", "us-east-1", null, NOW.minusSeconds(90), 7, 11, 0, error, true);
    return new SourcesPage(List.of(own), List.of(), policy).html(LAYOUT, NOW).toString();
  }

  @Test
  void ownJobsAreARowWithTheirFreshness() {
    assertThat(page(null, CollectorPolicy.of(ResourceTypes.builtIn())))
        .contains("Jobs of this service", "000000000000 us-east-1", "Fresh", "never", ">7<", ">11<")
        .contains("No source is set");
  }

  @Test
  void ownJobsThatAreBehindAreTrouble() {
    assertThat(page("3 steps of jobs are not in the catalog", CollectorPolicy.of(List.of())))
        .contains("Error", "3 steps of jobs are not in the catalog")
        .doesNotContain("Fresh");
  }

  @Test
  void policyOfTheServiceIsThereIfARoleIsAssumed() {
    CollectorPolicy roles =
        new CollectorPolicy(
            ResourceTypes.builtIn(),
            new TreeSet<>(List.of("arn:aws:sqs:us-east-1:111122223333:bedload")),
            new TreeSet<>(List.of("arn:aws:iam::111122223333:role/collector")));

    assertThat(page(null, roles))
        .contains("sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:111122223333:bedload")
        .contains("sts:AssumeRole", "arn:aws:iam::111122223333:role/collector");
    assertThat(page(null, CollectorPolicy.of(ResourceTypes.builtIn())))
        .doesNotContain("sqs:", "sts:");
  }
}
