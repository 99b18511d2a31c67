package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
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

  /** A whole service and a real job: the figures are another machine's, their form is not. */
  @Test
  @Tag("slow")
  void capacityIsTheShareOfTheSlotsThatAJobUses() {
    CommandLine line = RootCommand.commandLine(System.nanoTime());
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out, true));

    int exitCode =
        line.execute("bench", "capacity", "--slots", "4", "--service-ms", "50", "--seconds", "2");

    assertThat(exitCode).isZero();
    String row = out.toString().strip().lines().toList().getLast();
    String[] cells = row.strip().split("\\s+");
    assertThat(cells[0]).isEqualTo("4");
    assertThat(cells[2]).isEqualTo("160");
    assertThat(Double.parseDouble(cells[4].replace("%", ""))).isBetween(50.0, 100.5);
  }
}
