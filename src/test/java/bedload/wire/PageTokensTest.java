package bedload.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokensTest {
  private static final byte[] KEY = "sixteen bytes or more".getBytes(StandardCharsets.UTF_8);

  private final PageTokens tokens = new PageTokens(KEY);

  @Test
  void tokenGivesItsPositionBackOnEveryNodeWithTheKey() {
    String token = tokens.seal("list of 1", "row 7");

    assertThat(token).matches("[A-Za-z0-9_-]+").doesNotContain("row");
    assertThat(new PageTokens(KEY).open("list of 1", token)).isEqualTo("row 7");
  }

  @Test
  void tokenOfAnotherQuestionIsRefused() {
    String token = tokens.seal("list of 1", "row 7");

    assertRefused(tokens, "list of 2", token);
    assertRefused(tokens, "list of 1r", tokens.seal("list of 1", "row 7"));
    assertRefused(tokens, "list of", tokens.seal("list of 1", "row 7"));
  }

  @Test
  void tokenUnderAnotherKeyIsRefused() {
    PageTokens others = new PageTokens("another key, long enough".getBytes(StandardCharsets.UTF_8));

    assertRefused(tokens, "list of 1", others.seal("list of 1", "row 7"));
  }

  @Test
  void changedPositionIsRefused() {
    String token = tokens.seal("list of 1", "row 7");
    byte[] content = Base64.getUrlDecoder().decode(token);
    content[content.length - 1]++;

    assertRefused(
        tokens, "list of 1", Base64.getUrlEncoder().withoutPadding().encodeToString(content));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "not base64 %", "AAAA"})
  void nonsenseIsRefused(String token) {
    assertRefused(tokens, "list of 1", token);
  }

  private static void assertRefused(PageTokens tokens, String question, String token) {
    assertThatThrownBy(() -> tokens.open(question, token))
        .isInstanceOfSatisfying(
            CallFault.class, fault -> assertThat(fault.error()).isEqualTo(AwsError.VALIDATION))
        .hasMessageContaining("nextToken");
  }
}
