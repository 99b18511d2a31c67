package bedload.object;

import bedload.job.S3Uri;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * A multipart upload from one buffer. What fits into the first part becomes a plain put. Parts are
 * 8 MiB; after every thousand they double, because S3 takes no more than 10,000 of them: 100 GB
 * need a buffer of 64 MiB.
 */
final class S3Upload extends ObjectUpload {
  private static final Logger log = LoggerFactory.getLogger(S3Upload.class);
  private static final int FIRST_BUFFER_BYTES = 64 * 1024;
  private static final int PART_BYTES = 8 << 20;
  private static final int LARGEST_PART_BYTES = 1 << 30;
  private static final int PARTS_PER_SIZE = 1000;

  /** S3 takes no smaller part, but for the last, and no larger one at all. */
  private static final long SMALLEST_PART_BYTES = 5L << 20;

  private static final long LARGEST_COPY_BYTES = 5L << 30;

  /** The other parts that S3 takes are left for bytes that cannot be copied. */
  private static final int MOST_COPIES = 5_000;

  private final S3Client client;
  private final S3ObjectStore store;
  private final S3Uri object;
  private final String contentType;
  private final @Nullable String owner;
  private final @Nullable KmsKey key;
  private final PartCopies partCopies;
  private final List<CompletedPart> parts = new ArrayList<>();
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int buffered;
  private @Nullable String uploadId;
  private int copies;
  private boolean ended;

  S3Upload(
      S3Client client,
      S3ObjectStore store,
      S3Uri object,
      String contentType,
      @Nullable String owner,
      @Nullable KmsKey key,
      PartCopies partCopies) {
    this.client = client;
    this.store = store;
    this.object = object;
    this.contentType = contentType;
    this.owner = owner;
    this.key = key;
    this.partCopies = partCopies;
  }

  /** Returns the size of the part with that many before it. */
  static int partBytes(int partsBefore) {
    int doublings = Math.min(partsBefore / PARTS_PER_SIZE, 30);
    return (int) Math.min(LARGEST_PART_BYTES, (long) PART_BYTES << doublings);
  }

  @Override
  public void write(int oneByte) {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    requireOpen();
    int from = offset;
    int left = length;
    while (left > 0) {
      // Sent when more is to come, not when it is full: a full last part may be the only one.
      if (buffered == partBytes(parts.size() - copies)) {
        sendPart();
      }
      int count = Math.min(left, room(left));
      System.arraycopy(source, from, buffer, buffered, count);
      buffered += count;
      from += count;
      left -= count;
    }
  }

  /** Returns how much the buffer takes up, after it has grown if it may. */
  private int room(int wanted) {
    int part = partBytes(parts.size() - copies);
    long needed = Math.min(part, (long) buffered + wanted);
    if (buffer.length < needed) {
      buffer = Arrays.copyOf(buffer, (int) Math.min(part, Math.max(needed, 2L * buffer.length)));
    }
    return Math.min(part, buffer.length) - buffered;
  }

  private void sendPart() {
    String id = uploadId == null ? begin() : uploadId;
    int number = parts.size() + 1;
    UploadPartResponse sent =
        S3Failures.call(
            "write part %d of %s".formatted(number, object),
            () ->
                client.uploadPart(
                    request ->
                        request
                            .bucket(object.bucket())
                            .key(object.key())
                            .uploadId(id)
                            .partNumber(number)
                            .expectedBucketOwner(owner),
                    S3ObjectStore.body(ByteBuffer.wrap(buffer, 0, buffered), contentType)));
    parts.add(
        CompletedPart.builder()
            .partNumber(number)
            .eTag(sent.eTag())
            .checksumCRC32(sent.checksumCRC32())
            .build());
    buffered = 0;
  }

  @Override
  public boolean append(StoredObject source) {
    requireOpen();
    boolean isPart =
        source.sizeBytes() >= SMALLEST_PART_BYTES && source.sizeBytes() <= LARGEST_COPY_BYTES;
    boolean canEndPart = buffered == 0 || buffered >= SMALLEST_PART_BYTES;
    if (partCopies.areRefused() || !isPart || !canEndPart || copies == MOST_COPIES) {
      return false;
    }
    if (buffered > 0) {
      sendPart();
    }
    try {
      parts.add(copyPart(source));
      copies++;
      return true;
    } catch (ObjectStoreException e) {
      // Some stores do not know this operation, or want rights for it that reading does not need.
      if (e.kind() != ObjectStoreException.Kind.REFUSED
          && e.kind() != ObjectStoreException.Kind.ACCESS_DENIED) {
        throw e;
      }
      partCopies.refuse(e);
      return false;
    }
  }

  private CompletedPart copyPart(StoredObject source) {
    String id = uploadId == null ? begin() : uploadId;
    int number = parts.size() + 1;
    CopyPartResult copied =
        S3Failures.call(
                "copy %s as part %d of %s".formatted(source.uri(), number, object),
                () ->
                    client.uploadPartCopy(
                        request ->
                            request
                                .sourceBucket(source.uri().bucket())
                                .sourceKey(source.uri().key())
                                .copySourceIfMatch('"' + source.etag() + '"')
                                .destinationBucket(object.bucket())
                                .destinationKey(object.key())
                                .uploadId(id)
                                .partNumber(number)
                                .expectedBucketOwner(owner)
                                .expectedSourceBucketOwner(owner)))
            .copyPartResult();
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(copied.eTag())
        .checksumCRC32(copied.checksumCRC32())
        .build();
  }

  private String begin() {
    String id =
        S3Failures.call(
                "begin to write " + object,
                () ->
                    client.createMultipartUpload(
                        request ->
                            request
                                .bucket(object.bucket())
                                .key(object.key())
                                .contentType(contentType)
                                .serverSideEncryption(key == null ? null : key.algorithm())
                                .ssekmsKeyId(key == null ? null : key.id())
                                .expectedBucketOwner(owner)))
            .uploadId();
    uploadId = id;
    return id;
  }

  @Override
  public void complete() {
    requireOpen();
    if (uploadId == null) {
      store.put(object, ByteBuffer.wrap(buffer, 0, buffered), contentType, Map.of());
    } else {
      if (buffered > 0) {
        sendPart();
      }
      completeParts();
      store.requireEncrypted(object);
    }
    ended = true;
  }

  private void completeParts() {
    try {
      S3Failures.call(
          "complete " + object,
          () ->
              client.completeMultipartUpload(
                  request ->
                      request
                          .bucket(object.bucket())
                          .key(object.key())
                          .uploadId(uploadId)
                          .multipartUpload(upload -> upload.parts(parts))
                          .expectedBucketOwner(owner)));
    } catch (ObjectStoreException e) {
      boolean isForParts =
          e.getCause() instanceof S3Exception refusal && refusal.statusCode() == 400;
      if (copies == 0 || !isForParts) {
        throw e;
      }
      // Cloudflare's R2 wants all parts but the last of one size: the next try will send them.
      partCopies.refuse(e);
      throw new ObjectStoreException(
          ObjectStoreException.Kind.UNAVAILABLE, String.valueOf(e.getMessage()), e);
    }
  }

  private void requireOpen() {
    if (ended) {
      throw new IllegalStateException("The upload of " + object + " is completed or closed");
    }
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      if (uploadId != null) {
        abort();
      }
    }
  }

  private void abort() {
    // An interrupted thread closes too, and its request must go out all the same.
    boolean interrupted = Thread.interrupted();
    try {
      client.abortMultipartUpload(
          request ->
              request
                  .bucket(object.bucket())
                  .key(object.key())
                  .uploadId(uploadId)
                  .expectedBucketOwner(owner));
    } catch (SdkException e) {
      // Whoever closes without completing has a failure of its own to tell.
      log.warn("The parts of the unfinished {} stay in the store: {}", object, e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
