package bedload.wire;

import java.util.UUID;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Gives AWS's form to what the server refuses by itself: a request that is not HTTP, headers that
 * are too long, calls that come while it stops. Jetty's own pages are HTML and name its version.
 */
final class RefusalPages extends ErrorHandler {
  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    AwsGate.send(refusal(status, message), response, callback);
  }

  private static Answer refusal(int status, @Nullable String reason) {
    String errorType =
        status == HttpStatus.SERVICE_UNAVAILABLE_503
            ? "ServiceUnavailableException"
            : status < HttpStatus.INTERNAL_SERVER_ERROR_500
                ? "MalformedHttpRequestException"
                : AwsError.INTERNAL_SERVER.wireName();
    return Answer.fault(
        UUID.randomUUID().toString(),
        status,
        errorType,
        reason == null ? HttpStatus.getMessage(status) : reason);
  }
}
