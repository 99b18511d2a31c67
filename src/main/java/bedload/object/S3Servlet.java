package bedload.object;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.jetty.io.EofException;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Passes requests to {@link S3Front}, and turns what it throws into S3's answers. */
final class S3Servlet extends HttpServlet {
  private static final Logger log = LoggerFactory.getLogger(S3Servlet.class);

  /** Two parts of the size that clients send by default. */
  private static final long DRAINED_BYTES = 16L << 20;

  private final transient S3Fronts fronts;

  S3Servlet(S3Fronts fronts) {
    this.fronts = fronts;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try (InputStream body = request.getInputStream()) {
      try {
        fronts.handle(request, response, body);
      } catch (IOException | RuntimeException e) {
        drain(body);
        explain(request, response, e);
      }
    }
  }

  /**
   * Reads what is left of a body that was refused. Many a client looks for the answer only when it
   * has sent all, and would tell its user of a broken pipe instead of a wrong key.
   */
  private static void drain(InputStream body) {
    byte[] buffer = new byte[64 * 1024];
    long left = DRAINED_BYTES;
    try {
      for (int count; left > 0 && (count = body.read(buffer)) >= 0; ) {
        left -= count;
      }
    } catch (IOException e) {
      log.debug("The rest of a refused body did not come: {}", e.toString());
    }
  }

  private void explain(HttpServletRequest request, HttpServletResponse response, Exception failure)
      throws IOException {
    Optional<AwsServiceException> refusal = inChain(failure, AwsServiceException.class);
    if (refusal.isPresent()) {
      refuse(request, response, refusal.get());
    } else if (inChain(failure, EofException.class).isPresent()) {
      log.debug("The client of {} went away", request.getRequestURI());
      fronts.refuse(request, response, 400, "IncompleteBody", "The body ended too early.");
    } else if (inChain(failure, TimeoutException.class).isPresent()) {
      log.debug("The client of {} was too slow", request.getRequestURI());
      fronts.refuse(
          request,
          response,
          400,
          "RequestTimeout",
          "Your socket connection to the server was not read from or written to within the timeout"
              + " period. Idle connections will be closed.");
    } else if (failure instanceof IllegalArgumentException) {
      fronts.refuse(
          request, response, 400, "InvalidArgument", String.valueOf(failure.getMessage()));
    } else if (failure instanceof UnsupportedOperationException) {
      fronts.refuse(request, response, 501, "NotImplemented", String.valueOf(failure.getMessage()));
    } else if (inChain(failure, JdbiException.class).isPresent()) {
      log.warn("{} {}: the database fails", request.getMethod(), request.getRequestURI(), failure);
      fronts.refuse(
          request, response, 503, "ServiceUnavailable", "The database of the object store fails.");
    } else {
      log.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
      String reason = inChain(failure, IOException.class).map(Throwable::getMessage).orElse(null);
      fronts.refuse(
          request,
          response,
          500,
          "InternalError",
          "The object store failed: " + Objects.requireNonNullElse(reason, "see its log"));
    }
  }

  private static <T> Optional<T> inChain(Throwable failure, Class<T> type) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  private void refuse(
      HttpServletRequest request, HttpServletResponse response, AwsServiceException refusal)
      throws IOException {
    SdkHttpResponse carried = S3Exceptions.httpResponse(refusal);
    if (carried != null) {
      carried.firstMatchingHeader("ETag").ifPresent(etag -> response.setHeader("ETag", etag));
    }
    String code = S3Exceptions.errorCode(refusal);
    if (code == null || refusal.statusCode() == HttpServletResponse.SC_NOT_MODIFIED) {
      response.setStatus(refusal.statusCode());
    } else {
      fronts.refuse(
          request,
          response,
          refusal.statusCode(),
          code,
          Objects.requireNonNullElse(refusal.awsErrorDetails().errorMessage(), ""));
    }
  }
}
