package bedload.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the counts beside the list of jobs say. */
class FacetsPageTest {
  private static String html(int most) {
    Map<String, List<FacetsPage.Value>> counts =
        Map.of(
            "status",
            List.of(new FacetsPage.Value("Completed", 7), new FacetsPage.Value("Failed", 3)));
    return new FacetsPage("", counts, most).html(new Layout("000000000000", "token")).toString();
  }

  /** A count that is not of everything must not pass for one that is. */
  @Test
  void countsOfTheNewestOnlyAreSaidToBeThat() {
    assertThat(html(10)).contains("Of the newest 10 jobs found.");
    assertThat(html(11)).contains("Completed").doesNotContain("Of the newest");
  }
}
