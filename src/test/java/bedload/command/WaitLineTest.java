package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WaitLineTest {
  private static final long SECOND = 1_000_000_000L;

  private final StringWriter written = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  private WaitLine line(boolean isWatched) {
    return new WaitLine(
        new PrintWriter(written, true),
        isWatched,
        "Reading a.jsonl",
        4_000_000,
        WaitLine.Unit.BYTES,
        nanos::get);
  }

  @Test
  void aTerminalsLineIsWrittenOverAndTakenAwayAtTheEnd() {
    try (WaitLine line = line(true)) {
      line.at(10);
      assertThat(written.toString()).as("too early to bother anyone").isEmpty();
      nanos.set(SECOND);
      line.at(1_000_000);
    }
    assertThat(written.toString())
        .startsWith("\r  Reading a.jsonl  1,000 kB of 4,000 kB  25 %")
        .endsWith(" \r")
        .doesNotContain("\n");
  }

  @Test
  void aPipeHearsOnlyOfWhatTakesLong() {
    try (WaitLine line = line(false)) {
      nanos.set(SECOND);
      line.at(1_000_000);
      nanos.set(6 * SECOND);
      line.at(2_000_000);
      line.at(3_000_000);
    }
    assertThat(written.toString().lines())
        .containsExactly("  Reading a.jsonl  2,000 kB of 4,000 kB  50 %");
  }

  @Test
  void aStreamThatIsCountedIsTheSameStream() throws IOException {
    byte[] content = new byte[3_000_000];
    content[2_999_999] = 7;
    try (WaitLine line = line(true);
        InputStream counted = line.counting(new ByteArrayInputStream(content))) {
      nanos.set(SECOND);
      assertThat(counted.readAllBytes()).isEqualTo(content);
    }
    assertThat(written.toString()).contains("Reading a.jsonl");
  }
}
