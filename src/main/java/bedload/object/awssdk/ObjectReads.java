package bedload.object.awssdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** How objects are read. The caller has checked that the bucket may be. */
final class ObjectReads {
  /** More often an object is not replaced between two looks; then its file is really missing. */
  private static final int LOOKS = 5;

  private final ObjectSpace space;

  ObjectReads(ObjectSpace space) {
    this.space = space;
  }

  /** Something to do with an object whose files may vanish before it is begun. */
  interface Attempt<T> {
    T on(ObjectRow object) throws IOException;
  }

  /** Does it with the object as it is now, and once more if the object was replaced meanwhile. */
  <T> T withObject(String bucket, String key, Attempt<T> attempt) {
    for (int look = 1; ; look++) {
      ObjectRow object = require(bucket, key);
      try {
        return attempt.on(object);
      } catch (NoSuchFileException e) {
        if (look == LOOKS) {
          throw new UncheckedIOException(
              "The data of s3://%s/%s is damaged: %s".formatted(bucket, key, e.getMessage()), e);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Returns the object's row, or throws "no such key". */
  ObjectRow require(String bucket, String key) {
    return space
        .objects
        .find(bucket, key)
        .orElseThrow(() -> S3Exceptions.noSuchKey(bucket, key, "no such object"));
  }

  /** Answers a read: whole or a range, if its conditions hold. */
  ResponseInputStream<GetObjectResponse> get(GetObjectRequest request) {
    return withObject(request.bucket(), request.key(), object -> open(object, request));
  }

  private ResponseInputStream<GetObjectResponse> open(ObjectRow object, GetObjectRequest request)
      throws IOException {
    ReadCondition.of(request).check(object);
    ByteRange range =
        request.range() == null
            ? new ByteRange(0, object.sizeBytes())
            : ByteRange.parse(request.range(), object.sizeBytes());
    GetObjectResponse response = response(object, range, request.range());
    return SdkResponses.getResponse(response, bytes(object, range));
  }

  private InputStream bytes(ObjectRow object, ByteRange range) throws IOException {
    if (range.sizeBytes() == 0) {
      return InputStream.nullInputStream();
    }
    List<Slice> slices = space.objects.slices(object.content(), range.firstByte(), range.endByte());
    if (slices.stream().mapToLong(Slice::sizeBytes).sum() != range.sizeBytes()) {
      // The object was replaced between its row and those of its files.
      throw new NoSuchFileException("content " + object.content() + " is incomplete");
    }
    return space.files.read(object.content(), slices);
  }

  /** Returns what is said of an object beside its bytes. */
  static GetObjectResponse response(ObjectRow object) {
    return response(object, new ByteRange(0, object.sizeBytes()), null);
  }

  private static GetObjectResponse response(
      ObjectRow object, ByteRange range, @Nullable String wanted) {
    GetObjectResponse.Builder response =
        GetObjectResponse.builder()
            .eTag(object.etag())
            .lastModified(object.modifiedAt())
            .contentLength(range.sizeBytes());
    object.headers().addTo(response);
    if (wanted != null) {
      response.contentRange(
          "bytes %d-%d/%d".formatted(range.firstByte(), range.endByte() - 1, object.sizeBytes()));
    }
    return response.build();
  }
}
