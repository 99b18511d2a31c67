package bedload.command;

import bedload.ExitCode;
import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Lists jobs, the newest first. */
@Command(
    description = "List jobs, the newest first.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: what failed in a week",
      "  bedload jobs --status Failed --since 7d",
      "",
      "Example: search as in the catalog, by columns, tags, times and words",
      "  bedload jobs 'status:(Failed OR Expired) model:*titan* -team:ml after:-7d nightly'",
      "",
      "Example: the ARNs of what runs, for a script",
      "  bedload jobs --status InProgress --json | jq -r .jobArn"
    })
final class JobsCommand implements Callable<Integer> {
  private static final int LONGEST_LIST = 100_000;
  private static final List<String> COLUMNS =
      List.of("submitted", "status", "name", "model", "records", "failed", "took", "id");
  private static final List<String> COLUMNS_IF_NARROW =
      List.of("submitted", "status", "name", "model", "records", "failed", "id");
  private static final int COLUMNS_FOR_ALL = 100;

  /** Columns whose texts a narrow terminal shortens, which still leaves a row to be told apart. */
  private static final Set<String> MAY_BE_CUT = Set.of("name", "model");

  @Parameters(
      paramLabel = "SEARCH",
      arity = "0..*",
      description =
          "What to find, in the catalog's search language (docs/sql.md); the catalog also knows jobs of other sources. Options narrow it further.")
  private List<String> search = List.of();

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      completionCandidates = StatusNames.class,
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
      jobs =
          search.isEmpty()
              ? client.jobs(request(), limit)
              : JobSearch.find(client, JobSearch.text(search, status, name, since), limit);
      usage = json.isWanted() ? client.usage(jobs) : Map.of();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isWanted()) {
      jobs.forEach(
          job -> JsonOption.write(out, UsageOnWire.in(job.document(), usage.get(job.arn()))));
    } else {
      int width = Terminal.isWatched() ? Terminal.columns() : Integer.MAX_VALUE;
      boolean isNarrow = width < COLUMNS_FOR_ALL;
      new TableFormat(out, width)
          .writeFitted(
              isNarrow ? COLUMNS_IF_NARROW : COLUMNS,
              jobs.stream().map(job -> row(job, isNarrow)).toList(),
              MAY_BE_CUT);
      if (jobs.size() == limit
          && !spec.commandLine().getParseResult().hasMatchedOption("--limit")) {
        spec.commandLine().getErr().println("There may be more; --limit N shows them.");
      }
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

  /**
   * Only this service counts, once it validates: a job of another source, and one that is new, has
   * no counts, not zero.
   */
  private static boolean isCounted(JobOnWire job) {
    return job.document().has("totalRecordCount") && job.counts().areKnown();
  }

  private static List<JsonNode> row(JobOnWire job, boolean isNarrow) {
    RecordCounts counts = job.counts();
    String submitted = job.submitTime().toString().replaceFirst("([.][0-9]+)?Z", "Z");
    return Stream.of(
            isNarrow ? submitted.substring(5, 16).replace('T', ' ') : submitted,
            job.status().wireName(),
            job.name(),
            job.modelId().substring(job.modelId().lastIndexOf('/') + 1),
            isCounted(job) ? "%,d of %,d".formatted(counts.processed(), counts.total()) : "",
            isCounted(job) ? "%,d".formatted(counts.error()) : "",
            isNarrow ? null : JobPage.took(job),
            job.id())
        .filter(Objects::nonNull)
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

  /** The names of all statuses, for shells. */
  static final class StatusNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(JobStatus.values()).map(JobStatus::wireName).iterator();
    }
  }
}
