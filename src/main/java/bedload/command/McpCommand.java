package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.SdkException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Carries the messages of an agent between this process's standard streams and the service, so that
 * whoever starts it needs no key. Each line is a message, as the protocol has it.
 */
@Command(
    description = {
      "Let an agent ask the catalog: the Model Context Protocol on stdin and stdout.",
      "An agent's program starts this itself, and ends it by closing stdin."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: for an agent's program that has a command to add a server",
      "  claude mcp add bedload -- bedload mcp --data /path/to/bedload-data",
      "",
      "Example: for one whose settings are JSON",
      "  {\"mcpServers\": {\"bedload\": {\"command\": \"/path/to/bedload\",",
      "                              \"args\": [\"mcp\", \"--data\", \"/path/to/bedload-data\"]}}}"
    })
final class McpCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PARSE_ERROR = -32700;
  private static final int INTERNAL_ERROR = -32603;

  @Mixin private final TargetOption target = new TargetOption();

  @Option(
      names = "--masked",
      description = "Show the agent nothing that users fed: messages are (masked).")
  private boolean masked;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    // System.in stays open: it is not this command's to close.
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (BatchClient client = target.client()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode answer = line.isBlank() ? null : answer(client, line);
        if (answer != null) {
          out.println(JSON.writeValueAsString(answer));
        }
      }
    }
    return ExitCode.OK.number();
  }

  /** Returns the answer to a message; null if there is none to give. */
  private @Nullable JsonNode answer(BatchClient client, String line) {
    JsonNode message;
    try {
      message = JSON.readTree(line);
    } catch (JacksonException e) {
      return error(
          NullNode.getInstance(), PARSE_ERROR, "The line is not JSON: " + e.getOriginalMessage());
    }
    JsonNode id = message.path("id");
    // A notification, or the answer to a question that nobody asked.
    boolean isMute =
        message.has("method") ? id.isMissingNode() : message.has("result") || message.has("error");
    try {
      JsonNode answer = client.ask(CatalogCalls.agentMessage(message, masked));
      return isMute ? null : answer;
    } catch (CommandFault fault) {
      return isMute ? null : error(id, INTERNAL_ERROR, String.valueOf(fault.getMessage()));
    } catch (SdkException refusal) {
      return isMute ? null : error(id, INTERNAL_ERROR, Faults.sentence(refusal));
    }
  }

  private static ObjectNode error(JsonNode id, int code, String sentence) {
    ObjectNode error = JSON.createObjectNode().put("jsonrpc", "2.0");
    error.set("id", id.isMissingNode() ? NullNode.getInstance() : id);
    error.set("error", JSON.valueToTree(Map.of("code", code, "message", sentence)));
    return error;
  }
}
