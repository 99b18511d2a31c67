package bedload.command;

import bedload.ExitCode;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Lists jobs, the newest first. */
@Command(
    name = "jobs",
    description = "List jobs, the newest first.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: what failed in a week",
      "  bedload jobs --status Failed --since 7d",
      "",
      "Example: the ARNs of what runs, for a script",
      "  bedload jobs --status InProgress --json | jq -r .jobArn"
    })
final class JobsCommand implements Callable<Integer> {
  private static final int LONGEST_LIST = 100_000;
  private static final List<String> COLUMNS =
      List.of("submitted", "status", "name", "model", "records", "failed", "took", "id");

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only jobs in this status, such as InProgress or Completed.",
      converter = StatusName.class)
  private @Nullable JobStatus status;

  @Option(names = "--name", paramLabel = "TEXT", description = "Only jobs whose name holds this.")
  private @Nullable String name;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only jobs submitted since: 90m, 2h or 7d ago, a day (2026-05-01), or an instant.",
      converter = Since.class)
  private @Nullable Instant since;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  private int limit;

  @Mixin private final JsonOption json = new JsonOption();
  @Mixin private final TargetOption target = new TargetOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (limit < 1 || limit > LONGEST_LIST) {
      throw new ParameterException(
          spec.commandLine(),
          "--limit: 1 to %,d is wanted, this is %d".formatted(LONGEST_LIST, limit));
    }
    List<JobOnWire> jobs;
    Map<String, UsageOnWire> usage;
    try (BatchClient client = target.client()) {
      jobs = client.jobs(request(), limit);
      usage = json.isWanted() ? client.usage(jobs) : Map.of();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isWanted()) {
      jobs.forEach(
          job -> JsonOption.write(out, UsageOnWire.in(job.document(), usage.get(job.arn()))));
    } else {
      new TableFormat(out, Terminal.isWatched() ? Terminal.columns() : Integer.MAX_VALUE)
          .write(COLUMNS, jobs.stream().map(JobsCommand::row).toList());
    }
    return ExitCode.OK.number();
  }

  private ListModelInvocationJobsRequest request() {
    return ListModelInvocationJobsRequest.builder()
        .statusEquals(status == null ? null : status.wireName())
        .nameContains(name)
        .submitTimeAfter(since)
        .build();
  }

  private static List<JsonNode> row(JobOnWire job) {
    RecordCounts counts = job.counts();
    return Stream.of(
            job.submitTime().toString().replaceFirst("(\\.[0-9]+)?Z", "Z"),
            job.status().wireName(),
            job.name(),
            job.modelId().substring(job.modelId().lastIndexOf('/') + 1),
            "%,d of %,d".formatted(counts.processed(), counts.total()),
            "%,d".formatted(counts.error()),
            JobPage.took(job),
            job.id())
        .<JsonNode>map(JsonNodeFactory.instance::stringNode)
        .toList();
  }

  /** Reads a status by its name on the wire, whatever the case of its letters. */
  static final class StatusName implements picocli.CommandLine.ITypeConverter<JobStatus> {
    @Override
    public JobStatus convert(String text) {
      return Stream.of(JobStatus.values())
          .filter(status -> status.wireName().equalsIgnoreCase(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is not a status; there are %s"
                          .formatted(
                              text,
                              String.join(
                                  ", ",
                                  Stream.of(JobStatus.values())
                                      .map(JobStatus::wireName)
                                      .toList()))));
    }
  }
}
