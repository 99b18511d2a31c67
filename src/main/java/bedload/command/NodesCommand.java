package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.RunningService;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Lists the processes that are one service, and what each does at this moment. */
@Command(
    description = {
      "List the processes that are this service: what each does, when it was last heard of, and its",
      "share of each model's limit, with the reason why it makes as many calls at once as it does."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload nodes --json"})
final class NodesCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final List<String> COLUMNS =
      List.of("node", "role", "address", "process", "silent s", "shards", "in flight", "model");

  @Mixin private final DataOption data = new DataOption();
  @Mixin private final JsonOption json = new JsonOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    JsonNode nodes = nodes(RunningService.find(data.path()));
    PrintWriter out = spec.commandLine().getOut();
    if (json.isWanted()) {
      JsonOption.write(out, nodes);
      return ExitCode.OK.number();
    }
    List<List<JsonNode>> rows = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (JsonNode node : nodes) {
      boolean isCalling = node.path("model").isString();
      String inFlight =
          isCalling
              ? "%d of %d".formatted(node.path("inFlight").asInt(0), node.path("granted").asInt(0))
              : "";
      rows.add(
          List.of(
              node.path("node"),
              node.path("role"),
              node.path("address"),
              node.path("process"),
              node.path("silentSeconds"),
              node.path("shards"),
              JsonNodeFactory.instance.stringNode(inFlight),
              JsonNodeFactory.instance.stringNode(node.path("model").asString(""))));
      if (isCalling) {
        reasons.add(
            "%s, %s: %s"
                .formatted(
                    node.path("node").asString(""),
                    node.path("model").asString(""),
                    node.path("reason").asString("")));
      }
    }
    new TableFormat(out, Terminal.columns()).write(COLUMNS, rows);
    reasons.forEach(out::println);
    return ExitCode.OK.number();
  }

  private static JsonNode nodes(RunningService service) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(service.api() + "/nodes"))
                  .timeout(PATIENCE)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new CommandFault(
            ExitCode.UNAVAILABLE,
            "%s/nodes answered %d: %s"
                .formatted(service.api(), answer.statusCode(), answer.body().strip()));
      }
      return JsonMapper.shared().readTree(answer.body());
    } catch (IOException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE, "%s/nodes cannot be read: %s".formatted(service.api(), e), e);
    }
  }
}
