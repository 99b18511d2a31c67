package bedload.model.minilm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tokenizer against the ids that the vocabulary's own tokenizer (Hugging Face's) gives. */
class WordPieceTest {
  private static final int NO_LIMIT = 100_000;
  private static final WordPiece TOKENIZER = new WordPiece(MiniLm.vocabulary());

  @Test
  void idsAreThoseOfTheModelsOwnTokenizer() throws IOException {
    try (InputStream golden = WordPieceTest.class.getResourceAsStream("wordpiece.json")) {
      JsonNode cases = JsonMapper.shared().readTree(golden);
      assertThat(cases).hasSizeGreaterThan(20);
      for (JsonNode example : cases) {
        String text = example.get("text").stringValue();
        long[] expected =
            LongStream.range(0, example.get("ids").size())
                .map(i -> example.get("ids").get((int) i).longValue())
                .toArray();
        assertThat(TOKENIZER.ids(text, NO_LIMIT)).as(text).containsExactly(expected);
      }
    }
  }

  /** Else a text could end itself, or hide one of its words from the model. */
  @Test
  void marksWithinATextAreOrdinaryCharacters() {
    assertThat(TOKENIZER.ids("[SEP] [MASK]", NO_LIMIT))
        .startsWith(101)
        .endsWith(102)
        .hasSizeGreaterThan(6)
        .doesNotContain(103);
  }

  @Test
  void aLongTextIsCutAndStillEndsWithItsMark() {
    String text = "river ".repeat(1000);
    long[] whole = TOKENIZER.ids(text, NO_LIMIT);
    long[] cut = TOKENIZER.ids(text, 256);

    assertThat(whole).hasSize(1002);
    assertThat(cut).hasSize(256).endsWith(102);
    assertThat(Arrays.copyOf(cut, 255)).isEqualTo(Arrays.copyOf(whole, 255));
  }
}
