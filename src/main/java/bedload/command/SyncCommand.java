package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.RunningService;
import bedload.SettingsReader;
import bedload.catalog.CollectorPolicy;
import bedload.catalog.ResourceTypes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Collects the sources of the catalog at once, and waits for what comes of it. */
@Command(
    description = {
      "Collect the accounts that the settings name under 'sources' at once, and wait until all are done.",
      "A source that failed is exit status 1; what the others brought is kept."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: one account in one region",
      "  bedload sync --account 111122223333 --region eu-west-1",
      "",
      "Example: the IAM policy that a collector needs",
      "  bedload sync --policy --config bedload.yaml"
    })
final class SyncCommand implements Callable<Integer> {
  /** Whom a policy is attached to. */
  private enum PolicyOwner {
    COLLECTOR,
    SERVICE;

    /** As it is typed, for shells and messages. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final List<String> COLUMNS =
      List.of(
          "account",
          "region",
          "new",
          "changed",
          "unchanged",
          "calls",
          "throttled",
          "took",
          "error");

  @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only this account.")
  private @Nullable String account;

  @Option(names = "--region", paramLabel = "REGION", description = "Only this region.")
  private @Nullable String region;

  @Option(
      names = "--policy",
      paramLabel = "WHOSE",
      arity = "0..1",
      fallbackValue = "collector",
      description = {
        "Write an IAM policy, and collect nothing: what the collector needs (the default), or with --policy=service what the service needs to assume the collector's role.",
        "With --config, and for --account alone if that is given, its queues and roles are in it."
      })
  private @Nullable PolicyOwner policyOwner;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings in YAML, for --policy. A sync is of the service that runs.")
  private @Nullable Path config;

  @Mixin private final JsonOption json = new JsonOption();
  @Mixin private final DataOption data = new DataOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (policyOwner != null) {
      out.println(policy(policyOwner));
      return ExitCode.OK.number();
    }
    List<JsonNode> ended;
    try (BatchClient service = BatchClient.of(RunningService.find(data.path()))) {
      Map<String, String> which = new LinkedHashMap<>();
      if (account != null) {
        which.put("account_id", account);
      }
      if (region != null) {
        which.put("region", region);
      }
      Instant asked =
          Instant.parse(
              service
                  .ask(CatalogCalls.post("/v1/sources/sync", which))
                  .path("asked_at")
                  .asString());
      ended = untilEnd(service, asked);
    }
    if (json.isWanted()) {
      ended.forEach(source -> JsonOption.write(out, source));
    } else {
      new TableFormat(out, Terminal.isWatched() ? Terminal.columns() : Integer.MAX_VALUE)
          .write(COLUMNS, ended.stream().map(SyncCommand::row).toList());
    }
    boolean isWhole = ended.stream().noneMatch(source -> source.has("error"));
    return (isWhole ? ExitCode.OK : ExitCode.NO).number();
  }

  private String policy(PolicyOwner owner) {
    CollectorPolicy policy =
        SettingsReader.read(config, System.getenv(), Map.of())
            .policyFor(account, ResourceTypes.builtIn());
    return switch (owner) {
      case COLLECTOR -> policy.collector();
      case SERVICE ->
          policy
              .service()
              .orElseThrow(
                  () ->
                      new CommandFault(
                          ExitCode.NO,
                          "No source of the settings has a role-arn: nothing but the collector's policy is needed, see 'bedload sync --policy'. Settings are named by --config."));
    };
  }

  /** Returns the sources as they ended, telling of each as soon as it does. */
  private List<JsonNode> untilEnd(BatchClient service, Instant asked) throws InterruptedException {
    Set<String> told = new TreeSet<>();
    while (true) {
      List<JsonNode> wanted = new ArrayList<>();
      for (JsonNode source : service.ask(CatalogCalls.get("/v1/sources")).path("sources")) {
        if (isWanted(source)) {
          wanted.add(source);
        }
      }
      List<JsonNode> ended = wanted.stream().filter(source -> hasEnded(source, asked)).toList();
      for (JsonNode source : ended) {
        String name = text(source, "account_id") + " in " + text(source, "region");
        if (told.add(name)) {
          spec.commandLine()
              .getErr()
              .println(
                  "%d of %d: %s, %s".formatted(told.size(), wanted.size(), name, told(source)));
        }
      }
      if (ended.size() == wanted.size()) {
        return ended;
      }
      Thread.sleep(PAUSE);
    }
  }

  private boolean isWanted(JsonNode source) {
    // Own jobs follow by themselves: there is nothing to wait for.
    return text(source, "kind").equals("collected")
        && (account == null || account.equals(text(source, "account_id")))
        && (region == null || region.equals(text(source, "region")));
  }

  private static boolean hasEnded(JsonNode source, Instant asked) {
    return !source.path("is_running").asBoolean()
        && source.path("last_attempt_at").isString()
        && !Instant.parse(text(source, "last_attempt_at")).isBefore(asked);
  }

  private static String told(JsonNode source) {
    return source.has("error")
        ? trouble(source)
        : "%,d new and %,d changed"
            .formatted(source.path("new_rows").asInt(), source.path("changed_rows").asInt());
  }

  /** What went wrong first: mostly it is the same for each table, and JSON has all of it. */
  private static String trouble(JsonNode source) {
    List<String> lines = text(source, "error").lines().toList();
    return switch (lines.size()) {
      case 0 -> "";
      case 1 -> Printable.of(lines.getFirst());
      default ->
          "%s (and %d more: --json)".formatted(Printable.of(lines.getFirst()), lines.size() - 1);
    };
  }

  private static String text(JsonNode source, String member) {
    return source.path(member).asString("");
  }

  private static List<JsonNode> row(JsonNode source) {
    return Stream.of(
            source.path("account_id"),
            source.path("region"),
            source.path("new_rows"),
            source.path("changed_rows"),
            source.path("unchanged_rows"),
            source.path("calls"),
            source.path("throttled_calls"),
            JsonNodeFactory.instance.stringNode(
                "%.1f s".formatted(source.path("took_millis").asLong() / 1000.0)),
            JsonNodeFactory.instance.stringNode(trouble(source)))
        .toList();
  }
}
