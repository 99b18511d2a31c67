package bedload.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The picture of the statuses in docs/api.md has the steps that there are. */
class DocumentedStatusesTest {
  private static final Pattern ARROW = Pattern.compile("(?m)^ *(\\w+) --> (\\w+)");

  @Test
  void everyArrowIsALegalStepAndEveryStepButStopsAndFailuresIsAnArrow() throws IOException {
    Set<String> drawn =
        ARROW
            .matcher(Files.readString(Path.of("docs/api.md")))
            .results()
            .map(arrow -> arrow.group(1) + " " + arrow.group(2))
            .collect(Collectors.toSet());
    Set<String> legal =
        Arrays.stream(JobStatus.values())
            .flatMap(from -> from.next().stream().map(to -> step(from, to)))
            .collect(Collectors.toSet());

    assertThat(legal).containsAll(drawn);
    assertThat(drawn)
        .containsAll(
            legal.stream()
                .filter(step -> !step.endsWith(" Failed") && !step.endsWith(" Stopping"))
                .toList());
  }

  private static String step(JobStatus from, JobStatus to) {
    return from.wireName() + " " + to.wireName();
  }
}
