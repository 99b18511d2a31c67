package bedload.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C's form of a place in a trace. */
class TraceparentTest {
  private static final String SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void itIsReadAndWrittenBack() {
    Traceparent read = Traceparent.parse(SAMPLED).orElseThrow();

    assertThat(read)
        .isEqualTo(new Traceparent("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true));
    assertThat(read).hasToString(SAMPLED);
    assertThat(Traceparent.parse(SAMPLED.replaceFirst("-01$", "-02")).orElseThrow().isSampled())
        .isFalse();
  }

  @Test
  void whatALaterVersionAddsIsPassedOver() {
    assertThat(Traceparent.parse("cc" + SAMPLED.substring(2) + "-what-the-future-brings"))
        .hasValueSatisfying(read -> assertThat(read.spanId()).isEqualTo("b7ad6b7169203331"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n"
      })
  void anythingElseCountsForNone(String header) {
    assertThat(Traceparent.parse(header)).isEmpty();
  }
}
