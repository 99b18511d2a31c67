package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a terminal shows of a start. */
class StartLineTest {
  private final StringWriter out = new StringWriter();
  private long now;
  private final StartLine line = new StartLine(new PrintWriter(out), () -> now);

  @Test
  void onlyWhatTookLongStays() {
    line.begins("database");
    now += Duration.ofMillis(5_300).toNanos();
    line.begins("tables");
    now += Duration.ofMillis(200).toNanos();
    line.end();
    line.end();

    assertThat(out.toString())
        .isEqualTo(
            "  database …\r\u001b[K  database: 5.3 s"
                + System.lineSeparator()
                + "  tables …\r\u001b[K");
  }
}
