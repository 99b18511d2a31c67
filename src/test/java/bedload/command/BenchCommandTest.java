package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {
  @Test
  void translationIsMeasuredForBodiesOfSeveralFamilies() {
    CommandLine line = RootCommand.commandLine(System.nanoTime());
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out, true));

    int exitCode = line.execute("bench", "translate", "--rounds", "1", "--records", "10");

    assertThat(exitCode).isZero();
    assertThat(out.toString())
        .contains("anthropic-messages", "converse", "openai-chat", "cohere-command-r", "llama");
  }
}
