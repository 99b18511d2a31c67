package bedload.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentEncodingTest {
  @Test
  void encodesAllButTheUnreservedInCapitals() {
    assertThat(PercentEncoding.encode("aZ09-._~ /:+é€"))
        .isEqualTo("aZ09-._~%20%2F%3A%2B%C3%A9%E2%82%AC");
  }

  @Test
  void encodesAPathOnceMoreAndKeepsItsSlashes() {
    assertThat(PercentEncoding.encodePath("/a%2Fb/c:d")).isEqualTo("/a%252Fb/c%3Ad");
  }

  @Test
  void decodesWhatItEncoded() {
    String text = "every sign: \u0000\t é€ 😀 100% +";

    assertThat(PercentEncoding.decode(PercentEncoding.encode(text))).contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "a%zz", "%+1", "%C3", "%FF", "%ED%A0%80"})
  void refusesWhatIsNotEncodedUtf8(String text) {
    assertThat(PercentEncoding.decode(text)).isEmpty();
  }
}
