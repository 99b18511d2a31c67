package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void embeddingsAreMeasuredBesideTheRuntimeAlone() {
    CommandLine line = RootCommand.commandLine(System.nanoTime());
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out, true));

    int exitCode = line.execute("bench", "embed", "--rounds", "1", "--records", "20");

    assertThat(exitCode).isZero();
    String share = out.toString().strip().lines().toList().getLast();
    assertThat(share).startsWith("share, %");
    // On a machine that does nothing else it is 95 and more; beside other tests it is any number.
    assertThat(Double.parseDouble(share.replaceAll(".*%\\s+([0-9.]+) .*", "$1"))).isPositive();
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
    String row =
        out.toString().lines().filter(each -> each.startsWith("    4 ")).findFirst().orElseThrow();
    String[] cells = row.strip().split("\\s+");
    assertThat(cells[0]).isEqualTo("4");
    assertThat(cells[2]).isEqualTo("160");
    assertThat(Double.parseDouble(cells[4].replace("%", ""))).isBetween(0.1, 100.5);
    assertThat(cells[5]).isEqualTo("100.0%");
  }

  /**
   * A service in a process of its own; the machine decides how much it takes, not whether it is
   * told.
   */
  @Test
  @Tag("slow")
  void memoryIsTheMostThatAServiceHadAndItsRowsAreCounted() {
    List<String> lines = bench("memory", "--records", "300");

    String[] cells = lines.get(1).strip().split("\\s+");
    assertThat(cells[0]).isEqualTo("300");
    assertThat(Integer.parseInt(cells[1])).isBetween(100, 512);
    assertThat(cells[2]).isEqualTo("512");
    assertThat(lines.get(2)).matches("\\s+most in each tenth of its time:( [0-9]{3}){1,10}");
    assertThat(lines).anyMatch(line -> line.matches("\\s+ledger.shard\\s+1"));
    assertThat(lines).anyMatch(line -> line.matches("\\s+ledger.job\\s+1"));
  }

  @Test
  @Tag("slow")
  void feedingIsMeasuredBesideTheScriptsOnTheSameServer() {
    List<String> lines = bench("feed", "--records", "300", "--rounds", "1");

    assertThat(lines).anyMatch(line -> line.matches("bedload, whole job +[1-9].*1\\.00"));
    assertThat(lines).anyMatch(line -> line.matches("its database +[0-9].*"));
    assertThat(lines)
        .filteredOn(line -> InstantServer.program("python3").isPresent())
        .anyMatch(line -> line.matches("Python, asyncio +[1-9].*"));
  }

  @Test
  @Tag("slow")
  void validationIsMeasuredBesideAPlainGet() {
    List<String> lines = bench("validate", "--megabytes", "1", "--rounds", "1");

    assertThat(lines).filteredOn(line -> line.startsWith("S3, plain GET ")).hasSize(2);
    assertThat(lines)
        .filteredOn(line -> line.startsWith("S3, checked ") || line.startsWith("bedload validate "))
        .hasSize(4)
        .allMatch(line -> line.matches(".* [1-9][0-9,]* records/s .*"));
  }

  private static List<String> bench(String... arguments) {
    CommandLine line = RootCommand.commandLine(System.nanoTime());
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out, true));
    List<String> words = new ArrayList<>(List.of("bench"));
    words.addAll(List.of(arguments));

    int exitCode = line.execute(words.toArray(String[]::new));

    assertThat(exitCode).as(out.toString()).isZero();
    return out.toString().lines().toList();
  }
}
