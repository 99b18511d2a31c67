package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@Tag("slow")
class BenchCatalogCommandTest {
  /**
   * The figures are another machine's; the questions, their plans and the history's cost are not.
   */
  @Test
  void aCatalogIsMeasuredWithEveryQuestionAndItsPlan() {
    CommandLine line = RootCommand.commandLine(System.nanoTime());
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out, true));

    int exitCode = line.execute("bench", "catalog", "--rounds", "2", "--rows", "4000");

    assertThat(exitCode).isZero();
    assertThat(out.toString())
        .contains("tag filter", "STRUCT filter", "7 days", "part of a name", "group by over all")
        .containsPattern("status change to its row +[0-9.]+ +[0-9.]+ +1000\n")
        .contains("history of a change", "Execution Time")
        .contains("__tags", "__s3_uri", "__recent", "__name_parts");
  }
}
