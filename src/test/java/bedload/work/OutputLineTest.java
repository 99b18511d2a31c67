package bedload.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.InputRecord;
import bedload.job.JobId;
import bedload.job.RecordOutcome;
import bedload.job.TokenUsage;
import org.junit.jupiter.api.Test;

class OutputLineTest {
  private static final JobId JOB = new JobId("abcdefghijkl");

  @Test
  void aSuccessKeepsTheInputsBytesAndStandsOnOneLine() {
    byte[] input = "{\"n\": 1.50,  \"t\":\"\\u00fc\"}".getBytes(UTF_8);
    byte[] output = "{\n  \"a\": 1\n}".getBytes(UTF_8);

    String line =
        text(
            OutputLine.of(
                JOB,
                0,
                new InputRecord(0, "id \"1\"", input),
                new RecordOutcome.Success(output, TokenUsage.UNKNOWN)));

    assertThat(line)
        .isEqualTo(
            "{\"modelInput\":{\"n\": 1.50,  \"t\":\"\\u00fc\"},\"modelOutput\":{   \"a\": 1 },\"recordId\":\"id \\\"1\\\"\"}\n");
  }

  @Test
  void aFailureHasTheErrorInPlaceOfTheOutput() {
    String line =
        text(
            OutputLine.of(
                JOB,
                0,
                new InputRecord(0, "r", "{}".getBytes(UTF_8)),
                new RecordOutcome.Failure(400, "Malformed \"input\"\n")));

    assertThat(line)
        .isEqualTo(
            "{\"modelInput\":{},\"error\":{\"errorCode\":400,\"errorMessage\":\"Malformed \\\"input\\\"\\n\"},\"recordId\":\"r\"}\n");
  }

  @Test
  void aRecordWithoutIdAlwaysGetsTheSameElevenLettersAndNoOtherRecordDoes() {
    assertThat(madeUpId(0, 5)).isEqualTo(madeUpId(0, 5)).matches("[A-Za-z0-9]{11}");
    assertThat(madeUpId(0, 5)).isNotEqualTo(madeUpId(0, 6)).isNotEqualTo(madeUpId(1, 5));
  }

  private static String madeUpId(int input, long ordinal) {
    String line =
        text(
            OutputLine.of(
                JOB,
                input,
                new InputRecord(ordinal, null, "{}".getBytes(UTF_8)),
                new RecordOutcome.Failure(500, "")));
    return line.replaceAll(".*\"recordId\":\"([^\"]*)\".*\n", "$1");
  }

  private static String text(byte[] line) {
    return new String(line, UTF_8);
  }
}
