package bedload.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembersTest {
  private static final TextRule WORD = TextRule.pattern(1, 5, "[a-z]*");

  private final Violations violations = new Violations();

  private Members read(String json) {
    return Members.of(JsonBody.parse(json.getBytes(StandardCharsets.UTF_8)), violations);
  }

  @Test
  void allBreachesAreToldTogetherInAwsWords() {
    Members body = read("{'a':'A-','b':'abcdef','n':3,'e':'','k':'z'}".replace('\'', '"'));
    body.requiredText("a", WORD);
    body.requiredText("b", WORD);
    body.integer("n", 24, 168);
    body.text("e", WORD);
    body.text("k", TextRule.oneOf(List.of("x", "y")));
    body.requiredObject("missing").requiredText("silent", WORD);

    assertThatThrownBy(violations::throwIfAny)
        .hasMessage(
            "6 validation errors detected:"
                + " Value 'A-' at 'a' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]*;"
                + " Value 'abcdef' at 'b' failed to satisfy constraint: Member must have length less than or equal to 5;"
                + " Value '3' at 'n' failed to satisfy constraint: Member must have value greater than or equal to 24;"
                + " Value '' at 'e' failed to satisfy constraint: Member must have length greater than or equal to 1;"
                + " Value 'z' at 'k' failed to satisfy constraint: Member must satisfy enum value set: [x, y];"
                + " Value null at 'missing' failed to satisfy constraint: Member must not be null");
  }

  @Test
  void membersOfListsAreNumberedFromOne() {
    Members body =
        read("{'ids':['ok','NO'],'tags':[{'key':'ok'},{'key':'NO'}]}".replace('\'', '"'));
    body.requiredTexts("ids", 1, 5, WORD);
    body.objects("tags", 0, 5).forEach(tag -> tag.requiredText("key", WORD));

    assertThatThrownBy(violations::throwIfAny)
        .hasMessageContaining("at 'ids.2.member'")
        .hasMessageContaining("at 'tags.2.member.key'");
  }

  @Test
  void listOfAnotherLengthIsABreach() {
    Members body = read("{'few':[],'many':['a','b','c']}".replace('\'', '"'));

    assertThat(body.requiredTexts("few", 1, 2, WORD)).isEmpty();
    assertThat(body.requiredTexts("many", 1, 2, WORD)).isEmpty();
    assertThatThrownBy(violations::throwIfAny)
        .hasMessageContaining("Value '[]' at 'few'")
        .hasMessageContaining(
            "at 'many' failed to satisfy constraint: Member must have length less");
  }

  @Test
  void nullIsMissingAndStrangersAreIgnored() {
    Members body = read("{'a':null,'stranger':{'deep':[1,2]}}".replace('\'', '"'));

    assertThat(body.text("a", WORD)).isEmpty();
    assertThat(body.integer("a", 1, 2)).isEmpty();
    assertThat(body.object("a")).isEmpty();
    assertThat(body.objects("a", 1, 2)).isEmpty();
    assertThatCode(violations::throwIfAny).doesNotThrowAnyException();
  }

  @Test
  void valueOfAnotherTypeEndsTheReading() {
    Members body = read("{'s':'text','n':1.5,'big':99999999999,'l':['a',1]}".replace('\'', '"'));

    assertThatThrownBy(() -> body.integer("s", 1, 2))
        .hasMessageContaining("'s' must be an integer");
    assertThatThrownBy(() -> body.integer("n", 1, 2)).hasMessageContaining("it is a number");
    assertThatThrownBy(() -> body.integer("big", 1, 2)).hasMessageContaining("'big' must be");
    assertThatThrownBy(() -> body.object("s")).hasMessageContaining("must be an object");
    assertThatThrownBy(() -> body.objects("s", 0, 1)).hasMessageContaining("must be a list");
    assertThatThrownBy(() -> body.requiredTexts("l", 0, 5, WORD))
        .hasMessageContaining("'l.2.member' must be a string, it is a number");
  }

  @Test
  void answerStaysShortHoweverManyAndLongTheBreaches() {
    for (int i = 0; i < 1000; i++) {
      violations.add("x".repeat(10_000), "m" + i, "Member must be short");
    }

    assertThatThrownBy(violations::throwIfAny)
        .hasMessageStartingWith("1000 validation errors detected: ")
        .hasMessageEndingWith("; and 980 more")
        .satisfies(fault -> assertThat(String.valueOf(fault.getMessage())).hasSizeLessThan(10_000));
  }
}
