package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@Tag("slow")
class BenchSyncCommandTest {
  /** The speed is another machine's; rows and calls are not. */
  @Test
  void everyJobIsCollectedAndTheSecondSyncAsksForNoMoreThanWhatIsNew() {
    CommandLine line = RootCommand.commandLine(System.nanoTime());
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out, true));

    int exitCode = line.execute("bench", "sync", "--jobs", "2500", "--new-jobs", "30");

    assertThat(exitCode).as(out.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("list calls of the SDK +2,500 +3 ")
        .containsPattern("first sync +2,500 +3 ")
        .containsPattern("second sync, 30 jobs more +30 +1 ")
        .contains("the goal is 80 %");
  }
}
