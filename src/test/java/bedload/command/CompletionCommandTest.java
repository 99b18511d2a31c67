package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script, read by a real bash. */
class CompletionCommandTest {
  /** Does what the Tab key does at the end of a line of words. */
  private static final String TAB =
      """
      source "$1"; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
      _complete_bedload 2>/dev/null
      echo "${COMPREPLY[*]}"
      """;

  @TempDir private Path folder;

  private String tab(String... words) throws IOException {
    Path script = folder.resolve("completion.bash");
    Files.writeString(script, ServedCommands.run("completion", "bash").out());
    List<String> command = new ArrayList<>(List.of("bash", "-c", TAB, "tab"));
    command.add(script.toString());
    command.addAll(List.of(words));
    Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void commandsOptionsAndTheirValuesAreCompleted() throws IOException {
    assertThat(tab("bedload", "jo").split(" ")).contains("jobs", "job");
    assertThat(tab("bedload", "jobs", "--st")).isEqualTo("--status");
    assertThat(tab("bedload", "jobs", "--status", "P")).isEqualTo("PartiallyCompleted");
    assertThat(tab("bedload", "sql", "--format", "").split(" ")).contains("csv", "json", "table");
    assertThat(tab("bedload", "serve", "--role", "").split(" "))
        .containsExactlyInAnyOrder("all", "api", "worker");
    assertThat(tab("bedload", "sync", "--policy", "").split(" "))
        .containsExactlyInAnyOrder("collector", "service");
    assertThat(tab("bedload", "completion", "").split(" ")).contains("bash", "zsh");
  }

  @Test
  void zshsScriptLoadsItsCompletionFirst() {
    assertThat(ServedCommands.run("completion", "zsh").out())
        .startsWith("autoload -Uz compinit")
        .contains("bashcompinit");
    assertThat(ServedCommands.run("completion", "fish").err()).containsIgnoringCase("[bash, zsh]");
  }
}
