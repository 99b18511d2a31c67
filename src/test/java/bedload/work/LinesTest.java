package bedload.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
  @Test
  void onlyLineFeedsEndLines() throws IOException {
    assertThat(texts("a\u2028b\u0085c\rd\ne\r\n\nf"))
        .containsExactly("a\u2028b\u0085c\rd", "e", "", "f");
  }

  @Test
  void anEmptyStreamHasNoLineAndALoneLineFeedHasOne() throws IOException {
    assertThat(texts("")).isEmpty();
    assertThat(texts("\n")).containsExactly("");
  }

  @Test
  void placesAddUpToTheStreamWhateverTheReadsReturn() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder();
      int lines = random.nextInt(20);
      for (int i = 0; i < lines; i++) {
        text.append("x".repeat(random.nextInt(200))).append(random.nextBoolean() ? "\n" : "\r\n");
      }
      text.append("tail".repeat(random.nextInt(2)));
      byte[] bytes = text.toString().getBytes(UTF_8);
      long at = 0;
      StringBuilder seen = new StringBuilder();
      try (Lines reader = new Lines(new Trickle(bytes, random))) {
        Lines.Line line;
        while ((line = reader.next()) != null) {
          assertThat(line.firstByte()).isEqualTo(at);
          at = line.endByte();
          seen.append(new String(Objects.requireNonNull(line.bytes()), UTF_8)).append('|');
        }
      }
      assertThat(at).isEqualTo(bytes.length);
      assertThat(seen.toString())
          .isEqualTo(
              String.join("|", text.toString().lines().toList()) + (text.isEmpty() ? "" : "|"));
    }
  }

  @Test
  void aLineThatIsTooLongIsPassedOverAndTheNextIsWhole() throws IOException {
    byte[] bytes =
        ("ok\n" + "x".repeat(1_000_000) + "\nnext\n" + "y".repeat(500_000)).getBytes(UTF_8);
    List<Lines.Line> lines = new ArrayList<>();
    try (Lines reader = new Lines(new ByteArrayInputStream(bytes), 100_000)) {
      Lines.Line line;
      while ((line = reader.next()) != null) {
        lines.add(line);
      }
    }
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0).bytes()).isEqualTo("ok".getBytes(UTF_8));
    assertThat(lines.get(1).bytes()).isNull();
    assertThat(lines.get(1).endByte() - lines.get(1).firstByte()).isEqualTo(1_000_001);
    assertThat(lines.get(2).bytes()).isEqualTo("next".getBytes(UTF_8));
    assertThat(lines.get(3).bytes()).isNull();
    assertThat(lines.get(3).endByte()).isEqualTo(bytes.length);
  }

  private static List<String> texts(String text) throws IOException {
    List<String> texts = new ArrayList<>();
    try (Lines lines = new Lines(new ByteArrayInputStream(text.getBytes(UTF_8)))) {
      Lines.Line line;
      while ((line = lines.next()) != null) {
        texts.add(new String(Objects.requireNonNull(line.bytes()), UTF_8));
      }
    }
    return texts;
  }

  /** A stream that gives a few bytes at a time. */
  private static final class Trickle extends InputStream {
    private final ByteArrayInputStream bytes;
    private final Random random;

    Trickle(byte[] bytes, Random random) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.random = random;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return bytes.read(target, offset, Math.min(length, 1 + random.nextInt(50)));
    }
  }
}
