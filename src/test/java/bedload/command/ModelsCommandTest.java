package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.model.TestModelServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelsCommandTest {
  private record Outcome(int exitCode, String out) {}

  private static Outcome models(String... options) {
    CommandLine line = RootCommand.commandLine(System.nanoTime());
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out, true));
    String[] all = new String[options.length + 1];
    all[0] = "models";
    System.arraycopy(options, 0, all, 1, options.length);
    return new Outcome(line.execute(all), out.toString());
  }

  @Test
  void theMapIsShownWithoutACall() {
    Outcome shown = models("--model", "anthropic.claude-*=http://127.0.0.1:1/v1#mine");

    assertThat(shown.exitCode()).isZero();
    assertThat(shown.out())
        .contains("anthropic.claude-*", "http://127.0.0.1:1/v1", "mine", "by the model id");
  }

  @Test
  void anEntryThatFailsIsToldInASentenceAndInTheExitStatus() {
    try (TestModelServer server = TestModelServer.start()) {
      String works = "openai.works=" + server.url() + "#a";
      assertThat(models("--check", "--model", works))
          .satisfies(
              good -> {
                assertThat(good.exitCode()).isZero();
                assertThat(good.out()).contains("openai.works: answered in");
              });

      Outcome bad =
          models("--check", "--model", works, "--model", "meta.llama=http://127.0.0.1:1/v1#b");
      assertThat(bad.exitCode()).isOne();
      assertThat(bad.out()).contains("meta.llama: The model server at http://127.0.0.1:1/v1");
    }
  }

  @Test
  void anEntryThatNeverCountsIsAFault() {
    Outcome shown =
        models(
            "--model", "openai.*=http://127.0.0.1:1/v1#a",
            "--model", "openai.gpt-oss=http://127.0.0.1:2/v1#b");

    assertThat(shown.exitCode()).isOne();
    assertThat(shown.out()).contains("openai.gpt-oss: never counts, because openai.* stands");
  }

  @Test
  void scriptsReadJson(@TempDir Path folder) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("bedload.yaml"),
            """
            models:
              - id: openai.keyed
                url: http://127.0.0.1:1/v1
                api-key-variable: BEDLOAD_TEST_NO_SUCH_KEY
              - id: bedload.echo
                backend: echo
            """);
    Outcome shown = models("--config", config.toString(), "--check", "--json");

    JsonNode[] lines =
        shown.out().lines().map(JsonMapper.shared()::readTree).toArray(JsonNode[]::new);
    assertThat(shown.exitCode()).isOne();
    assertThat(lines).hasSize(2);
    assertThat(lines[0].path("ok").booleanValue()).isFalse();
    assertThat(lines[0].path("problem").stringValue()).contains("BEDLOAD_TEST_NO_SUCH_KEY");
    assertThat(lines[1].path("ok").booleanValue()).isTrue();
    assertThat(lines[1].path("backend").stringValue()).isEqualTo("echo");
  }
}
