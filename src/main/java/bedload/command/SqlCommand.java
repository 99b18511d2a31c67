package bedload.command;

import bedload.ExitCode;
import bedload.RunningService;
import bedload.catalog.QuestionFault;
import bedload.catalog.SqlText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the catalog a question. */
@Command(
    description = "Ask the catalog of the running service one question in SQL.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  bedload sql \"select status, count(*) from aws_bedrock_model_invocation_job group by status\""
    })
final class SqlCommand implements Callable<Integer> {
  @Parameters(paramLabel = "STATEMENT", description = "One statement in PostgreSQL's SQL.")
  private String statement = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, json, jsonl or csv (default: ${DEFAULT-VALUE}).",
      defaultValue = "table")
  private AnswerFormat format = AnswerFormat.TABLE;

  @Option(names = "--masked", description = "Show nothing that users fed: messages are (masked).")
  private boolean masked;

  @Option(names = "--json", description = "The same as --format json.")
  private boolean json;

  @Mixin private final DataOption data = new DataOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    SqlText question = question(statement);
    RunningService service = RunningService.find(data.path());
    String url = masked ? "jdbc:" + service.maskedSqlUrl() : service.jdbcUrl();
    try (SqlAnswer answer = SqlAnswer.ask(url, question)) {
      (json ? AnswerFormat.JSON : format).write(answer, spec.commandLine().getOut());
    }
    return ExitCode.OK.number();
  }

  private static SqlText question(String statement) {
    try {
      return SqlText.of(statement);
    } catch (QuestionFault fault) {
      throw SqlAnswer.refused(fault);
    }
  }
}
