package bedload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:9470", "localhost:0", "[::1]:65535", "a.b-c.example:1"})
  void readsBackWhatItWrites(String text) {
    assertThat(HostPort.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "9470",
        ":9470",
        "localhost",
        "localhost:",
        "localhost:x",
        "::1:80",
        "h:65536",
        "h:1 "
      })
  void refusesWhatIsNoHostAndPort(String text) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wanted");
  }

  @Test
  void aServerThatListensEverywhereIsReachedOnThisMachine() {
    assertThat(HostPort.parse("0.0.0.0:80").url()).isEqualTo("http://127.0.0.1:80");
    assertThat(HostPort.parse("[::]:80").url()).isEqualTo("http://[::1]:80");
    assertThat(HostPort.parse("10.0.0.7:80").url()).isEqualTo("http://10.0.0.7:80");
  }
}
