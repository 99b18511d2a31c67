package bedload.command;

import bedload.ExitCode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bedload} itself; it does nothing but hold the commands. */
@Command(
    name = "bedload",
    description = {
      "Batch inference over your own model servers behind the Amazon Bedrock batch API,",
      "and a SQL catalog of every such job."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Start here:",
      "  bedload demo            a whole batch job, from records to results, in one go",
      "  bedload serve           the service",
      "  bedload COMMAND --help  what a command takes, with an example"
    })
public final class RootCommand implements Runnable {
  @Spec private CommandSpec spec;

  // picocli fills in what it annotates.
  @SuppressWarnings("NullAway.Init")
  RootCommand() {}

  /**
   * Runs a command line to its end.
   *
   * @param startNanos {@link System#nanoTime()} when the process began
   */
  public static ExitCode run(String[] args, long startNanos) {
    CommandLine line = commandLine(startNanos);
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    int number = line.execute(args);
    return Arrays.stream(ExitCode.values())
        .filter(code -> code.number() == number)
        .findFirst()
        .orElse(ExitCode.BUG);
  }

  /** Returns all commands, to be run with arguments. */
  static CommandLine commandLine(long startNanos) {
    CommandLine line = new CommandLine(new RootCommand());
    line.addSubcommand(new DemoCommand());
    line.addSubcommand(new ServeCommand(startNanos));
    line.addSubcommand(new RunCommand());
    line.addSubcommand(new JobsCommand());
    line.addSubcommand(new JobCommand());
    line.addSubcommand(new StopCommand());
    line.addSubcommand(new ErrorsCommand());
    line.addSubcommand(new RetryCommand());
    line.addSubcommand(new PageCommand());
    line.addSubcommand(new EnvCommand());
    line.addSubcommand(new SqlCommand());
    line.addSubcommand(new PsqlUrlCommand());
    line.addSubcommand(new SyncCommand());
    line.addSubcommand(new ValidateCommand());
    line.addSubcommand(new ModelsCommand());
    line.addSubcommand(new EstimateCommand());
    line.addSubcommand(new BenchCommand());
    line.setUsageHelpWidth(100);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(new UsageFaults());
    line.setExecutionExceptionHandler(new Faults());
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is wanted.");
  }
}
