package bedload.web;

import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Measures every request that is answered, whoever answers it. */
final class HttpTimer extends Handler.Wrapper {
  /** What clients of ours send; any other word would be a label that a stranger makes up. */
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");

  private final Metrics metrics;

  HttpTimer(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = String.valueOf(request.getHttpURI().getPath());
    // A stream of events is open for as long as somebody looks.
    if (!path.equals(Live.PATH)) {
      long began = System.nanoTime();
      Request.addCompletionListener(
          request,
          failure ->
              metrics.answered(
                  path.startsWith("/model-invocation-job") ? "bedrock" : "page",
                  METHODS.contains(request.getMethod()) ? request.getMethod() : "other",
                  response.getStatus(),
                  Duration.ofNanos(System.nanoTime() - began)));
    }
    return super.handle(request, response, callback);
  }
}
