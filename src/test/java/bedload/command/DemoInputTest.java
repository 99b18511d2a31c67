package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoInputTest {
  @TempDir private Path folder;

  @Test
  void sampleHasTwoHundredSentencesOrMoreAndNoneTwice() {
    List<String> sentences = DemoInput.sentences();

    assertThat(sentences).hasSizeGreaterThanOrEqualTo(200).doesNotHaveDuplicates();
    assertThat(sentences).allMatch(sentence -> sentence.matches("[A-Z].*[.]"));
  }

  @Test
  void moreRecordsThanSentencesAreStillAllDifferent() throws IOException {
    Path file = folder.resolve("input.jsonl");
    int records = 2 * DemoInput.sentences().size() + 3;

    DemoInput.write(file, records);

    assertThat(Files.readAllLines(file)).hasSize(records).doesNotHaveDuplicates();
  }

  @Test
  void outputWithOneLineForEachRecordIsExact() throws IOException {
    assertThat(check("demo-000000001", "demo-000000000").isExact(2)).isTrue();
  }

  @Test
  void missingDoubledAndForeignRecordsAreNot() throws IOException {
    assertThat(check("demo-000000000").isExact(2)).isFalse();
    assertThat(check("demo-000000000", "demo-000000000").isExact(1)).isFalse();
    assertThat(check("demo-000000000", "other").isExact(1)).isFalse();
    assertThat(check("demo-000000000", "demo-000000007").isExact(1)).isFalse();
  }

  private static OutputCheck check(String... recordIds) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String id : recordIds) {
      lines.append("{\"recordId\":\"").append(id).append("\",\"modelOutput\":{}}\n");
    }
    return OutputCheck.of(
        new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
