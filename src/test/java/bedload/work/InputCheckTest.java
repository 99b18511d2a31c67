package bedload.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InputCheckTest {
  private static final String GOOD = "{\"recordId\":\"a\",\"modelInput\":{\"x\":1}}";

  static Stream<Arguments> wrongLines() {
    return Stream.of(
        Arguments.of("[1,2]", 1, "a line is one JSON object", "[1,2]"),
        Arguments.of("42", 1, "a line is one JSON object", "42"),
        Arguments.of("not json", 1, "a line is one JSON object", "Unrecognized token"),
        Arguments.of("{\"modelInput\":{}", 17, "a line is one JSON object", "end-of-input"),
        Arguments.of("{\"modelInput\":{} ,}", 19, "a line is one JSON object", "'}'"),
        Arguments.of("{\"recordId\":\"a\"}", 1, "a record has a modelInput", "{\"recordId\""),
        Arguments.of("{\"modelInput\":\"text\"}", 15, "modelInput is a JSON object", "\"text\""),
        Arguments.of("{\"modelInput\":null}", 15, "modelInput is a JSON object", "null"),
        Arguments.of(
            "{\"modelInput\":{},\"modelInput\":{}}", 31, "modelInput stands once", "second"),
        Arguments.of("{\"recordId\":7,\"modelInput\":{}}", 13, "recordId is a string", "7"),
        Arguments.of(
            "{\"recordId\":\"" + "r".repeat(257) + "\",\"modelInput\":{}}",
            13,
            "recordId has at most 256 characters",
            "257"),
        Arguments.of(GOOD + " {}", GOOD.length() + 1, "nothing follows the object", "{}"),
        Arguments.of(
            "{\"modelInput\":{\"x\":\"\u0007\"}}", 21, "a line is one JSON object", "character"),
        Arguments.of(
            "{\"modelInput\":" + "[".repeat(5000) + "}", 15, "modelInput is a JSON object", "[["),
        Arguments.of(
            "{\"modelInput\":{\"x\":" + "[".repeat(5000) + "}}",
            1019,
            "a line is one JSON object",
            "depth"));
  }

  @ParameterizedTest
  @MethodSource("wrongLines")
  void aWrongLineIsNamedWithItsPlaceItsRuleAndWhatStandsThere(
      String wrong, int column, String rule, String found) throws IOException {
    InputCheck.Report report = check(GOOD + "\n" + wrong + "\n" + GOOD + "\n");

    assertThat(report.records()).isEqualTo(2);
    assertThat(report.faultCount()).isEqualTo(1);
    LineFault fault = report.faults().getFirst();
    assertThat(fault.line()).isEqualTo(2);
    assertThat(fault.rule()).startsWith(rule);
    assertThat(fault.found()).contains(found);
    assertThat(fault.column()).isEqualTo(column);
  }

  @Test
  void whatIsUnusualButRightPasses() throws IOException {
    InputCheck.Report report =
        check(
            """
            {"modelInput":{},"recordId":null}\r
              \t
            \uFEFF{"other":[1,{"a":2}],"modelInput":{"text":"a\u2028b"},"recordId":"ü"}
            {"modelInput":{"n":1e400,"deep":[[[[[]]]]],"same":1,"same":2}}""");

    assertThat(report.faults()).isEmpty();
    assertThat(report.records()).isEqualTo(3);
  }

  @Test
  void faultsBeyondTheFirstThousandAreCounted() throws IOException {
    InputCheck.Report report = check("x\n".repeat(2_500));

    assertThat(report.faultCount()).isEqualTo(2_500);
    assertThat(report.faults()).hasSize(InputCheck.FAULTS_KEPT);
    assertThat(report.cuts()).isEmpty();
  }

  @Test
  void shardsCoverEveryRecordOnceAndEndAtLineEnds() throws IOException {
    byte[] bytes = (GOOD + "\n\n").repeat(25_001).getBytes(UTF_8);
    InputCheck.Report report = new InputCheck().check(new ByteArrayInputStream(bytes), read -> {});

    assertThat(report.records()).isEqualTo(25_001);
    assertThat(report.cuts()).hasSize(3);
    long byteAt = 0;
    long ordinal = 0;
    for (InputCheck.Cut cut : report.cuts()) {
      assertThat(cut.firstByte()).isEqualTo(byteAt);
      assertThat(cut.firstOrdinal()).isEqualTo(ordinal);
      assertThat(bytes[(int) cut.endByte() - 1]).isEqualTo((byte) '\n');
      byteAt = cut.endByte();
      ordinal += cut.records();
    }
    assertThat(byteAt).isEqualTo(bytes.length - 1 + 1);
    assertThat(ordinal).isEqualTo(25_001);
  }

  private static InputCheck.Report check(String text) throws IOException {
    return new InputCheck().check(new ByteArrayInputStream(text.getBytes(UTF_8)), read -> {});
  }
}
