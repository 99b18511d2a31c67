package bedload.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ListenAddressTest {
  @Test
  void ipv6StandsInBracketsInASentence() {
    assertThat(new ListenAddress("127.0.0.1", 9470)).hasToString("127.0.0.1:9470");
    assertThat(new ListenAddress("::1", 80)).hasToString("[::1]:80");
  }

  @Test
  void portIsOneThatTcpHas() {
    assertThatThrownBy(() -> new ListenAddress("localhost", 65_536))
        .hasMessageContaining("localhost:65536");
    assertThatThrownBy(() -> new ListenAddress("localhost", -1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new ListenAddress(" ", 1)).hasMessageContaining("a host");
  }
}
