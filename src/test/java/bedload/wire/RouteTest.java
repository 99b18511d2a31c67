package bedload.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RouteTest {
  private static final Route GET = new Route("GetThing", "GET", "/thing/{id}");
  private static final Route STOP = new Route("StopThing", "POST", "/thing/{id}/stop");

  @Test
  void parameterIsOneSegmentAsItWasSent() {
    assertThat(GET.match("GET", "/thing/a%2Fb")).contains("a%2Fb");
    assertThat(STOP.match("POST", "/thing/a%2Fb/stop")).contains("a%2Fb");
    assertThat(GET.match("GET", "/thing/a/b")).isEmpty();
    assertThat(STOP.match("POST", "/thing/a/b/stop")).isEmpty();
  }

  @Test
  void onlyAnArnRunsOverSegments() {
    assertThat(GET.match("GET", "/thing/arn:aws:x:thing/b")).contains("arn:aws:x:thing/b");
    assertThat(STOP.match("POST", "/thing/arn:aws:x:thing/b/stop")).contains("arn:aws:x:thing/b");
  }

  @Test
  void parameterIsNeverEmpty() {
    assertThat(GET.match("GET", "/thing/")).isEmpty();
    assertThat(STOP.match("POST", "/thing//stop")).isEmpty();
    assertThat(STOP.match("POST", "/thing/stop")).isEmpty();
  }

  @Test
  void methodAndCaseCount() {
    assertThat(GET.match("HEAD", "/thing/a")).isEmpty();
    assertThat(GET.match("GET", "/Thing/a")).isEmpty();
  }

  @Test
  void secondParameterIsADefect() {
    assertThatThrownBy(() -> new Route("Bad", "GET", "/{a}/{b}"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
