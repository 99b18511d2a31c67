package bedload.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Events have the form that an EventSource reads. */
class EventStreamTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final EventStream stream = new EventStream(out);

  @Test
  void eventEndsWithAnEmptyLine() throws IOException {
    stream.send(EventStream.RETRY, "id: 1-2");
    stream.send("event: change", "data: {\"name\":\"ä\"}");

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("retry: 2000\nid: 1-2\n\nevent: change\ndata: {\"name\":\"ä\"}\n\n");
  }

  @Test
  void fieldOfTwoLinesIsRefusedAndNothingOfItSent() {
    for (String text : new String[] {"data: a\n\nevent: forged", "data: a\rid: 9"}) {
      assertThatThrownBy(() -> stream.send("id: 1", text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("one line");
    }
    assertThat(out.size()).isZero();
  }
}
