package bedload.object.awssdk;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of the object under a key for a write or a delete to happen; judged while its
 * row is locked, so nobody comes between.
 *
 * @param ifMatch an ETag that it must have, or {@code *} for any object
 * @param ifNoneMatch an ETag that it must not have, or {@code *} for no object at all
 */
record WriteCondition(
    @Nullable String ifMatch,
    @Nullable String ifNoneMatch,
    @Nullable Long ifSizeBytes,
    @Nullable Instant ifModifiedAt) {
  static final WriteCondition NONE = new WriteCondition(null, null, null, null);
  private static final String ANY = "*";

  static WriteCondition onWrite(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    return new WriteCondition(ifMatch, ifNoneMatch, null, null);
  }

  /** Tells whether the condition holds where there is no object. */
  boolean allowsNone() {
    return ifMatch == null && ifSizeBytes == null && ifModifiedAt == null;
  }

  /** Throws what S3 answers if the condition does not hold. */
  void check(String bucket, String key, Optional<ObjectRow> current) {
    if (current.isEmpty()) {
      if (!allowsNone()) {
        throw S3Exceptions.noSuchKey(bucket, key, "a condition wants an object here");
      }
    } else if (!holdsFor(current.get())) {
      throw S3Exceptions.preconditionFailed(null);
    }
  }

  private boolean holdsFor(ObjectRow object) {
    return (ifMatch == null || matches(ifMatch, object.etag()))
        && (ifNoneMatch == null || !matches(ifNoneMatch, object.etag()))
        && (ifSizeBytes == null || ifSizeBytes == object.sizeBytes())
        // On the wire the time has whole seconds.
        && (ifModifiedAt == null
            || ifModifiedAt
                .truncatedTo(ChronoUnit.SECONDS)
                .equals(object.modifiedAt().truncatedTo(ChronoUnit.SECONDS)));
  }

  /** Compares an ETag of a header, with or without its quotes, to one of a row. */
  static boolean matches(String wanted, String etag) {
    return wanted.equals(ANY) || unquoted(wanted).equals(etag);
  }

  static String unquoted(String etag) {
    return etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"")
        ? etag.substring(1, etag.length() - 1)
        : etag;
  }
}
