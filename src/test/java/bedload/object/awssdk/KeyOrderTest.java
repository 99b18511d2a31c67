package bedload.object.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyOrderTest {
  private static int compareBytes(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a/", "\u007f", "é", "\uD7FF", "\uE000", "\uFFFF", "😀", "a\uDBFF\uDFFF"})
  void whatComesAfterAllIsGreaterThanEachThatBeginsWithThePrefix(String prefix) {
    String after = Objects.requireNonNull(KeyOrder.afterAll(prefix));
    assertThat(after.getBytes(StandardCharsets.UTF_8)).doesNotContain((byte) '?');
    for (String rest : new String[] {"", "a", "\uFFFF", "\uDBFF\uDFFF\uDBFF\uDFFF"}) {
      assertThat(compareBytes(after, prefix + rest)).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/", "é", "😀"})
  void nothingLiesBetweenThemAndIt(String prefix) {
    String after = Objects.requireNonNull(KeyOrder.afterAll(prefix));
    int last = after.codePointBefore(after.length());
    String before =
        after.substring(0, after.length() - Character.charCount(last))
            + Character.toString(last - 1);
    assertThat(before).isEqualTo(prefix);
  }

  @Test
  void emptyPrefixHasNoEnd() {
    assertThat(KeyOrder.afterAll("")).isNull();
    assertThat(KeyOrder.afterAll("\uDBFF\uDFFF")).isNull();
  }
}
