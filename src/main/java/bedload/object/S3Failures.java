package bedload.object;

import bedload.object.ObjectStoreException.Kind;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a failure of the AWS SDK means, in words for people. */
final class S3Failures {
  private static final int ATTEMPTS = 4;

  private S3Failures() {}

  /**
   * Returns what the call returns.
   *
   * @param what the operation and its object, as in "read s3://bucket/key"
   */
  static <T> T call(String what, Supplier<T> call) {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (AwsServiceException e) {
        // Bytes that changed on their way do not fit their signature, and then it is not the keys
        // that are wrong.
        if (!code(e).equals("SignatureDoesNotMatch") || attempt == ATTEMPTS) {
          throw translate(what, e);
        }
      } catch (SdkException e) {
        throw translate(what, e);
      } catch (UncheckedIOException e) {
        // A kept connection that the store closes while this HTTP client waits for a 100 Continue
        // ends in this, which the SDK neither wraps nor tries again.
        if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
          throw brokeOff(what, e);
        }
      }
    }
  }

  static ObjectStoreException translate(String what, SdkException failure) {
    if (failure instanceof AwsServiceException refusal) {
      Kind kind = kind(refusal);
      return new ObjectStoreException(
          kind,
          "Cannot %s: %s. The store said: %s".formatted(what, meaning(kind), said(refusal)),
          failure);
    }
    if (failure instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      return interrupted(what, failure);
    }
    return brokeOff(what, failure);
  }

  private static ObjectStoreException brokeOff(String what, RuntimeException failure) {
    return new ObjectStoreException(
        Kind.UNAVAILABLE,
        "Cannot %s: the store was not reached or broke off: %s"
            .formatted(what, failure.getMessage()),
        failure);
  }

  static ObjectStoreException interrupted(String what, Throwable cause) {
    // The SDK takes the flag away; whoever interrupted wants the whole thread to end.
    Thread.currentThread().interrupt();
    return new ObjectStoreException(Kind.INTERRUPTED, "Interrupted while it was to " + what, cause);
  }

  static Kind kind(AwsServiceException refusal) {
    return switch (code(refusal)) {
      case "NoSuchBucket" -> Kind.NO_SUCH_BUCKET;
      case "NoSuchKey" -> Kind.NO_SUCH_KEY;
      // A 501, which no later try will change.
      case "NotImplemented" -> Kind.REFUSED;
      // Some of these come with a status that says otherwise: within a 200, because the store had
      // begun to answer before it failed; as 403, though new keys or a clock set right will do; as
      // 400 or 404, though the same upload made anew, or bytes that arrive whole, will do.
      case "SlowDown",
          "RequestTimeout",
          "InternalError",
          "ServiceUnavailable",
          "OperationAborted",
          "ExpiredToken",
          "TokenRefreshRequired",
          "RequestTimeTooSkewed",
          "RequestExpired",
          "BadDigest",
          "IncompleteBody",
          "XAmzContentSHA256Mismatch",
          "XAmzContentChecksumMismatch",
          "NoSuchUpload",
          "InvalidPart" ->
          Kind.UNAVAILABLE;
      default ->
          switch (refusal.statusCode()) {
            case 401, 403 -> Kind.ACCESS_DENIED;
            case 404 -> Kind.NO_SUCH_KEY;
            case 412 -> Kind.CHANGED;
            case 429 -> Kind.UNAVAILABLE;
            default -> refusal.statusCode() >= 500 ? Kind.UNAVAILABLE : Kind.REFUSED;
          };
    };
  }

  static String code(AwsServiceException refusal) {
    return refusal.awsErrorDetails() == null || refusal.awsErrorDetails().errorCode() == null
        ? ""
        : refusal.awsErrorDetails().errorCode();
  }

  private static String meaning(Kind kind) {
    return switch (kind) {
      case NO_SUCH_BUCKET -> "there is no such bucket";
      case NO_SUCH_KEY -> "there is no such object";
      case ACCESS_DENIED -> "the account may not, or the bucket is another account's";
      case CHANGED -> "the object was replaced meanwhile";
      case REFUSED -> "the store does not take the request";
      case UNAVAILABLE -> "the store is in trouble";
      case INTERRUPTED -> "interrupted";
    };
  }

  static String said(AwsServiceException refusal) {
    String message =
        refusal.awsErrorDetails() == null ? null : refusal.awsErrorDetails().errorMessage();
    return "%d %s%s"
        .formatted(
            refusal.statusCode(),
            code(refusal),
            message == null || message.isBlank() ? "" : " (" + message + ")")
        .strip();
  }
}
