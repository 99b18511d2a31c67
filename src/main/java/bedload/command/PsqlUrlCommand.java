package bedload.command;

import bedload.ExitCode;
import bedload.RunningService;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints where the catalog's database is, for any PostgreSQL client. */
@Command(
    description = "Print a read-only URL of the catalog, for psql and any other PostgreSQL client.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  psql \"$(bedload psql-url)\" -c 'select job_name, status from aws_bedrock_model_invocation_job'"
    })
final class PsqlUrlCommand implements Callable<Integer> {
  @Mixin private final DataOption data = new DataOption();

  @Option(names = "--jdbc", description = "Print it for JDBC: the same with jdbc: in front.")
  private boolean jdbc;

  @Option(
      names = "--masked",
      description =
          "Print that of a role which sees the same rows, and nothing in them that users fed.")
  private boolean masked;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    RunningService service = RunningService.find(data.path());
    spec.commandLine()
        .getOut()
        .println((jdbc ? "jdbc:" : "") + (masked ? service.maskedSqlUrl() : service.sqlUrl()));
    return ExitCode.OK.number();
  }
}
