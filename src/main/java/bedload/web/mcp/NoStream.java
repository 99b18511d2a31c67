package bedload.web.mcp;

import bedload.wire.AwsError;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Operation;
import bedload.wire.Route;

/**
 * What a client tries beside its calls: to follow what a server says by itself, and to end a
 * session. There is neither here, and the protocol has a status of 405 for that.
 */
final class NoStream implements Operation {
  private final Route route;

  NoStream(String method) {
    route = new Route("NoStream", method, McpEndpoint.PATH);
  }

  @Override
  public Route route() {
    return route;
  }

  @Override
  public Object answer(Call call) {
    throw new CallFault(
        AwsError.METHOD_NOT_ALLOWED,
        "Each message is a POST to %s here; there are no sessions and no streams."
            .formatted(McpEndpoint.PATH));
  }
}
