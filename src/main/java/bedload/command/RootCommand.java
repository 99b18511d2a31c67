package bedload.command;

import bedload.ExitCode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
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
      "  bedload COMMAND --help  what a command takes, with an example",
      "",
      "Example:",
      "  bedload run input.jsonl --model amazon.titan-embed-text-v2:0"
    })
public final class RootCommand implements Runnable {
  private static final String COMPLETION = "completion";

  /** By name, in the order of the help. */
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("demo", DemoCommand.class);
    COMMANDS.put("serve", ServeCommand.class);
    COMMANDS.put("run", RunCommand.class);
    COMMANDS.put("jobs", JobsCommand.class);
    COMMANDS.put("job", JobCommand.class);
    COMMANDS.put("stop", StopCommand.class);
    COMMANDS.put("errors", ErrorsCommand.class);
    COMMANDS.put("retry", RetryCommand.class);
    COMMANDS.put("page", PageCommand.class);
    COMMANDS.put("env", EnvCommand.class);
    COMMANDS.put("sql", SqlCommand.class);
    COMMANDS.put("psql-url", PsqlUrlCommand.class);
    COMMANDS.put("mcp", McpCommand.class);
    COMMANDS.put("sync", SyncCommand.class);
    COMMANDS.put("validate", ValidateCommand.class);
    COMMANDS.put("models", ModelsCommand.class);
    COMMANDS.put("nodes", NodesCommand.class);
    COMMANDS.put("estimate", EstimateCommand.class);
    COMMANDS.put("bench", BenchCommand.class);
    COMMANDS.put(COMPLETION, CompletionCommand.class);
  }

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
    CommandLine line = commandLine(startNanos, args);
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
    return commandLine(startNanos, name -> true);
  }

  /**
   * Returns what these arguments need: to look at all options of all commands takes longer than
   * most commands run.
   */
  static CommandLine commandLine(long startNanos, String[] args) {
    String first = args.length == 0 ? "" : args[0];
    // Completion writes down every command.
    return commandLine(startNanos, first.equals(COMPLETION) ? name -> true : first::equals);
  }

  private static CommandLine commandLine(long startNanos, Predicate<String> isWhole) {
    IFactory factory = new Makers(startNanos);
    CommandLine line = new CommandLine(new RootCommand());
    COMMANDS.forEach(
        (name, type) ->
            line.addSubcommand(
                name, isWhole.test(name) ? new CommandLine(type, factory) : standIn(type)));
    Map<String, String> exitCodes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      exitCodes.put(" " + code.number(), code.meaning());
    }
    line.getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit status:%n")
        .exitCodeList(exitCodes);
    line.setUsageHelpWidth(100);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(new UsageFaults());
    line.setExecutionExceptionHandler(new Faults());
    return line;
  }

  /** What the list of commands says of one, without its options. */
  private static CommandLine standIn(Class<?> type) {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description(type.getAnnotation(Command.class).description());
    return new CommandLine(spec);
  }

  /** Makes commands; one of them wants to know when the process began. */
  private record Makers(long startNanos) implements IFactory {
    @Override
    public <T> T create(Class<T> type) throws Exception {
      return type == ServeCommand.class
          ? type.cast(new ServeCommand(startNanos))
          : CommandLine.defaultFactory().create(type);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "A command is wanted, such as: bedload run input.jsonl --model amazon.titan-embed-text-v2:0");
  }
}
