package bedload.web.mcp;

import bedload.catalog.ReadingDesk;
import bedload.web.query.Asker;
import bedload.wire.Accepted;
import bedload.wire.AwsError;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Document;
import bedload.wire.Operation;
import bedload.wire.Route;
import bedload.wire.Violations;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Takes the messages of agents, in the form of the protocol's Streamable HTTP without sessions:
 * each is a call of its own, so that any node of a service can answer it. Who calls is known from
 * the key or the signature that every call of this service carries. Thread-safe.
 */
final class McpEndpoint implements Operation {
  static final String PATH = "/mcp";

  /** What a context says of the caller. */
  static final String ASKER = "asker";

  private static final Route ROUTE = new Route("Mcp", "POST", PATH);
  private static final String MASKED = "masked";

  private final ReadingDesk desk;
  private final ReadingDesk maskedDesk;
  private final CatalogTools tools;
  private final String version;
  private @Nullable Server server;

  McpEndpoint(ReadingDesk desk, ReadingDesk maskedDesk, CatalogTools tools, String version) {
    this.desk = desk;
    this.maskedDesk = maskedDesk;
    this.tools = tools;
    this.version = version;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Object answer(Call call) {
    Asker asker = new Asker(isMasked(call) ? maskedDesk : desk, call.caller().account());
    return server().answer(asker, call);
  }

  private static boolean isMasked(Call call) {
    String word = call.query().getOrDefault(MASKED, "false");
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw CallFault.validation(
              "'%s' must be true or false, it is '%s'".formatted(MASKED, word));
    };
  }

  /**
   * Made when the first agent calls: its library takes a while, and most services never need it.
   */
  private synchronized Server server() {
    Server made = server;
    if (made == null) {
      made = new Server(tools, version);
      server = made;
    }
    return made;
  }

  /** The library's server, to which this endpoint is the transport. */
  private static final class Server implements McpStatelessServerTransport {
    private static final McpJsonMapper JSON = new JacksonMcpJsonMapper(CatalogTools.JSON);
    private @Nullable McpStatelessServerHandler handler;

    Server(CatalogTools tools, String version) {
      McpServer.sync(this)
          .jsonMapper(JSON)
          // On the thread of the call, which is a virtual one and may wait.
          .immediateExecution(true)
          .serverInfo("bedload", version.isEmpty() ? "0" : version)
          .instructions(CatalogTools.resource("instructions.txt"))
          .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
          .tools(tools.all(JSON))
          .build();
    }

    Object answer(Asker asker, Call call) {
      McpStatelessServerHandler handling = handler;
      if (handling == null) {
        throw new IllegalStateException("The library's server set no handler");
      }
      McpTransportContext context = McpTransportContext.create(Map.of(ASKER, asker));
      return switch (read(call)) {
        case McpSchema.JSONRPCRequest request ->
            new Document("application/json", write(handling.handleRequest(context, request)));
        case McpSchema.JSONRPCNotification notification -> {
          handling.handleNotification(context, notification).block();
          yield new Accepted();
        }
        // An answer, though nothing is ever asked from here.
        default -> new Accepted();
      };
    }

    private static McpSchema.JSONRPCMessage read(Call call) {
      try {
        return McpSchema.deserializeJsonRpcMessage(
            JSON, new String(call.body(), StandardCharsets.UTF_8));
      } catch (IOException | IllegalArgumentException e) {
        // Says where a body is not the JSON object that a message is.
        call.members(new Violations());
        throw new CallFault(
            AwsError.SERIALIZATION,
            "The body is no message of JSON-RPC 2.0, which has 'jsonrpc' and a 'method' or a 'result'");
      }
    }

    private static byte[] write(Mono<McpSchema.JSONRPCResponse> response) {
      try {
        return JSON.writeValueAsBytes(response.block());
      } catch (IOException e) {
        throw new IllegalStateException("An answer could not be written", e);
      }
    }

    @Override
    public void setMcpHandler(McpStatelessServerHandler handler) {
      this.handler = handler;
    }

    @Override
    public Mono<Void> closeGracefully() {
      return Mono.empty();
    }

    @Override
    public List<String> protocolVersions() {
      return List.of(
          ProtocolVersions.MCP_2024_11_05,
          ProtocolVersions.MCP_2025_03_26,
          ProtocolVersions.MCP_2025_06_18,
          ProtocolVersions.MCP_2025_11_25);
    }
  }
}
