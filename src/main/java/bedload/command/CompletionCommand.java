package bedload.command;

import bedload.ExitCode;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what teaches a shell to complete bedload's commands and options. */
@Command(
    description = "Print a script that lets a shell complete commands and options by the Tab key.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: in this shell, and in each further one",
      "  source <(bedload completion bash)",
      "  echo 'source <(bedload completion bash)' >>~/.bashrc"
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells that a script is made for. */
  enum Shell {
    BASH,
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell = Shell.BASH;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    // The script itself finds out which of the two reads it, so that one sourced by both works.
    String script = AutoComplete.bash("bedload", spec.root().commandLine());
    spec.commandLine()
        .getOut()
        .print(
            switch (shell) {
              case BASH -> script;
              // The script wants zsh's own completion to be loaded first.
              case ZSH -> "autoload -Uz compinit && compinit -u\n" + script;
            });
    spec.commandLine().getOut().flush();
    return ExitCode.OK.number();
  }
}
