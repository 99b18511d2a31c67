package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.InputRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InputSampleTest {
  private static List<Long> ordinals(int records, int wanted) throws IOException {
    String input =
        IntStream.range(0, records)
            .mapToObj("\n{\"modelInput\":{\"n\":%d}}\n"::formatted)
            .collect(Collectors.joining());
    return InputSample.of(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), records, wanted)
        .stream()
        .map(InputRecord::ordinal)
        .toList();
  }

  @Test
  void theRecordsAreAtEvenDistances() throws IOException {
    assertThat(ordinals(100, 4)).containsExactly(12L, 37L, 62L, 87L);
    assertThat(ordinals(10, 1)).containsExactly(5L);
  }

  @Test
  void aSmallInputIsTakenWhole() throws IOException {
    assertThat(ordinals(3, 20)).containsExactly(0L, 1L, 2L);
    assertThat(ordinals(20, 20)).hasSize(20);
  }

  @Test
  void anyNumberWithinAnyInputIsFound() throws IOException {
    for (int records = 1; records < 40; records++) {
      for (int wanted = 1; wanted <= records; wanted++) {
        assertThat(ordinals(records, wanted)).hasSize(wanted).doesNotHaveDuplicates();
      }
    }
  }
}
