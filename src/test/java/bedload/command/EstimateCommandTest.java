package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.ExitCode;
import bedload.model.TestModelServer;
import bedload.model.TestModelServer.Behaviour;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EstimateCommandTest {
  @TempDir Path folder;

  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome estimate(String... options) {
    CommandLine line = RootCommand.commandLine(System.nanoTime());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] all = new String[options.length + 1];
    all[0] = "estimate";
    System.arraycopy(options, 0, all, 1, options.length);
    return new Outcome(line.execute(all), out.toString(), err.toString());
  }

  private String input(int records) throws IOException {
    return Files.writeString(
            folder.resolve("input.jsonl"),
            IntStream.range(0, records)
                .mapToObj(
                    i ->
                        "{\"modelInput\":{\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}}\n")
                .collect(Collectors.joining()))
        .toString();
  }

  private String config(TestModelServer server) throws IOException {
    return Files.writeString(
            folder.resolve("bedload.yaml"),
            """
            models:
              - id: openai.priced
                url: %s
                served: m
                input-price: 2.00
                output-price: 10
            """
                .formatted(server.url()))
        .toString();
  }

  @Test
  void timeTokensAndCostFollowFromASample() throws IOException {
    try (TestModelServer server = TestModelServer.start()) {
      Outcome told =
          estimate(
              input(100_000),
              "--model",
              "openai.priced",
              "--config",
              config(server),
              "--sample",
              "10");

      assertThat(told.exitCode()).as(told.err()).isZero();
      assertThat(server.received()).as("the sample, and one call to warm up").isEqualTo(11);
      // Each record has three words in and four out; all are alike, so there is no doubt.
      assertThat(told.out())
          .contains("100,000 records; 10 of them")
          .contains("tokens in   300,000 (300,000 to 300,000)")
          .contains("tokens out  400,000 (400,000 to 400,000)")
          .contains("cost        4.6000 (4.6000 to 4.6000)");
    }
  }

  /** A model that loads its weights at the first call does so once for a job, too. */
  @Test
  void theFirstCallIsNotMeasured() throws IOException {
    try (TestModelServer server =
        TestModelServer.start(
            call -> new TestModelServer.Behaviour.Answer(call.number() == 1 ? 1500 : 0))) {
      Outcome told =
          estimate(
              input(2), "--model", "openai.priced", "--config", config(server), "--in-flight", "1");

      assertThat(told.exitCode()).as(told.err()).isZero();
      String seconds = told.out().replaceAll("(?s).*time +([0-9.,]+) .*", "$1");
      assertThat(Double.parseDouble(seconds)).as(told.out()).isLessThan(1.2);
    }
  }

  @Test
  void aModelOfTheFlagHasNoPriceAndThatIsSaid() throws IOException {
    try (TestModelServer server = TestModelServer.start()) {
      Outcome told = estimate(input(5), "--model", "openai.m=" + server.url() + "#m");

      assertThat(told.exitCode()).isZero();
      assertThat(told.out()).contains("cost        unknown: the model's entry has no price");
    }
  }

  @Test
  void aSampleThatFailsWholeIsTheAnswerNo() throws IOException {
    try (TestModelServer server =
        TestModelServer.start(_ -> new Behaviour.Status(400, "", "no such model"))) {
      Outcome told = estimate(input(5), "--model", "openai.m=" + server.url() + "#m");

      assertThat(told.exitCode()).isEqualTo(ExitCode.NO.number());
      assertThat(told.out()).contains("5 of 5 failed, the first with:", "no such model");
    }
  }

  @Test
  void aModelThatIsNotConfiguredIsSaidToBeNone() throws IOException {
    Outcome told = estimate(input(5), "--model", "openai.m");

    assertThat(told.exitCode()).isEqualTo(ExitCode.SETTINGS.number());
    assertThat(told.err()).contains("No model is configured for openai.m");
  }
}
