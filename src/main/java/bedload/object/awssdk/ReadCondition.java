package bedload.object.awssdk;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** What must be true of an object for a read of it to be answered; the rules are HTTP's. */
record ReadCondition(
    @Nullable String ifMatch,
    @Nullable String ifNoneMatch,
    @Nullable Instant ifModifiedSince,
    @Nullable Instant ifUnmodifiedSince) {
  private static final int NOT_MODIFIED = 304;

  static ReadCondition of(GetObjectRequest request) {
    return new ReadCondition(
        request.ifMatch(),
        request.ifNoneMatch(),
        request.ifModifiedSince(),
        request.ifUnmodifiedSince());
  }

  static ReadCondition ofSource(CopyObjectRequest request) {
    return new ReadCondition(
        request.copySourceIfMatch(),
        request.copySourceIfNoneMatch(),
        request.copySourceIfModifiedSince(),
        request.copySourceIfUnmodifiedSince());
  }

  /** Throws "precondition failed" or "not modified" if the object is not to be sent. */
  void check(ObjectRow object) {
    Instant modifiedAt = object.modifiedAt().truncatedTo(ChronoUnit.SECONDS);
    boolean unwanted =
        ifMatch != null
            ? !WriteCondition.matches(ifMatch, object.etag())
            : ifUnmodifiedSince != null && modifiedAt.isAfter(ifUnmodifiedSince);
    if (unwanted) {
      throw S3Exceptions.preconditionFailed(null);
    }
    boolean known =
        ifNoneMatch != null
            ? WriteCondition.matches(ifNoneMatch, object.etag())
            : ifModifiedSince != null && !modifiedAt.isAfter(ifModifiedSince);
    if (known) {
      throw S3Exceptions.fromStatusCode(NOT_MODIFIED, object.etag(), Map.of(), null);
    }
  }
}
