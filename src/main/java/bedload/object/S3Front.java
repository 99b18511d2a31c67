package bedload.object;

import bedload.job.AccountId;
import bedload.object.awssdk.ObjectSpace;
import bedload.object.awssdk.Refusals;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3ProxyHandler;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.jspecify.annotations.Nullable;

/**
 * S3Proxy's handler of requests, set up for our accounts, and with what it leaves out: the owner
 * that a request expects of its bucket, a refusal of everything that is not signed, and large
 * signed bodies without a copy in memory.
 */
final class S3Front extends S3ProxyHandler {
  private static final String EXPECTED_OWNER = "x-amz-expected-bucket-owner";
  private static final String EXPECTED_SOURCE_OWNER = "x-amz-source-expected-bucket-owner";
  private static final String SESSION_TOKEN = "x-amz-security-token";

  /** What S3Proxy may hold of one request in memory: lists of keys or parts, and small bodies. */
  private static final long BUFFERED_BYTES = 8L << 20;

  /** Signed chunks are checked one by one, so one of them must fit into memory. */
  private static final int CHUNK_BYTES = 16 << 20;

  private static final int CLOCK_SKEW_SECONDS = 15 * 60;

  /** The owners that the request in progress expects; bound while it is handled. */
  private static final ScopedValue<List<AccountId>> EXPECTED = ScopedValue.newInstance();

  /** The session token that came along; empty if none did. */
  private static final ScopedValue<String> TOKEN = ScopedValue.newInstance();

  /**
   * Makes the handler of requests that name their bucket in one way.
   *
   * @param domain after the bucket in the name of the host; null if the path names the bucket
   */
  // S3Proxy takes null for "no store that strangers may read" and for "no domain", but has no
  // annotation that says so.
  @SuppressWarnings("NullAway")
  S3Front(ObjectSpace space, KeyRing keys, @Nullable String domain) {
    super(
        null,
        AuthenticationType.AWS_V2_OR_V4,
        "replaced",
        "below",
        domain,
        Long.MAX_VALUE,
        BUFFERED_BYTES,
        CHUNK_BYTES,
        false,
        null,
        null,
        CLOCK_SKEW_SECONDS);
    setBlobStoreLocator((id, bucket, key) -> grant(space, keys, id));
  }

  private static AccessGrant grant(ObjectSpace space, KeyRing keys, @Nullable String accessKeyId) {
    KeyRing.Key key =
        keys.find(Objects.requireNonNullElse(accessKeyId, ""))
            .orElseThrow(Refusals::unknownAccessKey);
    if (!TOKEN.get().equals(Objects.requireNonNullElse(key.sessionToken(), ""))) {
      throw Refusals.invalidToken();
    }
    AccountId owner =
        EXPECTED.get().stream()
            .filter(expected -> !expected.equals(key.account()))
            .findFirst()
            .orElse(key.account());
    return new AccessGrant(key.secret(), space.of(key.account(), owner));
  }

  /**
   * Answers the request, or throws what is to be said instead.
   *
   * @throws IOException if client or disk fail
   */
  void handle(HttpServletRequest request, HttpServletResponse response, InputStream body)
      throws IOException {
    requireSignature(request);
    List<AccountId> expected =
        Stream.of(EXPECTED_OWNER, EXPECTED_SOURCE_OWNER)
            .map(request::getHeader)
            .filter(Objects::nonNull)
            .map(S3Front::accountId)
            .toList();
    HttpServletRequest seen =
        new RequestView(request)
            .without(EXPECTED_OWNER)
            .without(EXPECTED_SOURCE_OWNER)
            .without(SESSION_TOKEN);
    ScopedValue.where(EXPECTED, expected)
        .where(TOKEN, Objects.requireNonNullElse(request.getHeader(SESSION_TOKEN), ""))
        .call(
            () -> {
              if (StreamedBody.isFor(request)) {
                doHandle(
                    StreamedBody.signed(request), StreamedBody.handled(seen), response, body, null);
              } else {
                doHandle(request, seen, response, body, null);
              }
              return response;
            });
  }

  private static void requireSignature(HttpServletRequest request) {
    if (request.getHeader("Authorization") == null
        && request.getParameter("X-Amz-Algorithm") == null
        && request.getParameter("AWSAccessKeyId") == null) {
      throw Refusals.accessDenied();
    }
    if (request.getParameter("X-Amz-Security-Token") != null) {
      throw Refusals.invalidToken();
    }
  }

  private static AccountId accountId(String header) {
    try {
      return new AccountId(header);
    } catch (IllegalArgumentException e) {
      throw Refusals.invalidOwner();
    }
  }

  /** Answers with an error in S3's form, unless an answer has begun already. */
  void refuse(
      HttpServletRequest request,
      HttpServletResponse response,
      int status,
      String code,
      String message)
      throws IOException {
    sendSimpleErrorResponse(request, response, code, status, message, Map.of());
  }
}
