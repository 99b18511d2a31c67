package bedload.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:9470", "localhost:0", "[::1]:65535"})
  void readsWhatItWrites(String text) {
    assertThat(ListenAddress.parse(text)).hasToString(text);
  }

  @Test
  void bracketsAreNotPartOfTheHost() {
    assertThat(ListenAddress.parse("[::1]:80")).isEqualTo(new ListenAddress("::1", 80));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9470", "host", "host:", ":80", "host:-1", "host:65536", "host:x"})
  void anythingElseIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "An address to listen at is HOST:PORT, for example 127.0.0.1:9470; this is '%s'", text);
  }
}
