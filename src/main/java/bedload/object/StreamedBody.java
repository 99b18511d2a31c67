package bedload.object;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a body whose hash is part of the signature is checked while it streams. S3Proxy reads such a
 * body into memory before it looks at the signature, except for a presigned URL: there it checks
 * the signature over the announced hash, and the hash at the end of the stream. The same holds
 * here, so the request is shown to it as if it were presigned. Without this, boto3's put of 1 GB
 * over plain HTTP would be refused, or would take 1 GB of memory.
 */
final class StreamedBody {
  private static final long SMALL_BYTES = 1L << 20;
  private static final String HASH = "x-amz-content-sha256";
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SIGNED_HEADERS =
      Pattern.compile("^AWS4-HMAC-SHA256 .*SignedHeaders=([^, ]+)");

  private StreamedBody() {}

  /** Tells whether the request has a body that is large and hashed as a whole. */
  static boolean isFor(HttpServletRequest request) {
    String hash = request.getHeader(HASH);
    return request.getContentLengthLong() > SMALL_BYTES
        && hash != null
        && HEXADECIMAL.matcher(hash).matches()
        && signedHeaders(request)
            .filter(names -> List.of(names.split(";")).contains(HASH))
            .isPresent();
  }

  private static Optional<String> signedHeaders(HttpServletRequest request) {
    String authorization = request.getHeader("Authorization");
    if (authorization == null) {
      return Optional.empty();
    }
    Matcher matcher = SIGNED_HEADERS.matcher(authorization);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Returns the request as the signature is to be checked against. */
  static HttpServletRequest signed(HttpServletRequest request) {
    return new RequestView(request)
        .without("Authorization")
        .withParameter("X-Amz-SignedHeaders", signedHeaders(request).orElseThrow());
  }

  /** Returns the request as it is to be carried out. */
  static HttpServletRequest handled(HttpServletRequest request) {
    return new RequestView(request).withHeader(HASH, "UNSIGNED-PAYLOAD");
  }
}
