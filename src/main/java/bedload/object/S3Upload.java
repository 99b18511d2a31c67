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

  private final S3Client client;
  private final S3ObjectStore store;
  private final S3Uri object;
  private final String contentType;
  private final @Nullable String owner;
  private final @Nullable KmsKey key;
  private final List<CompletedPart> parts = new ArrayList<>();
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int buffered;
  private @Nullable String uploadId;
  private boolean ended;

  S3Upload(
      S3Client client,
      S3ObjectStore store,
      S3Uri object,
      String contentType,
      @Nullable String owner,
      @Nullable KmsKey key) {
    this.client = client;
    this.store = store;
    this.object = object;
    this.contentType = contentType;
    this.owner = owner;
    this.key = key;
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
      if (buffered == partBytes(parts.size())) {
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
    int part = partBytes(parts.size());
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
      store.requireEncrypted(object);
    }
    ended = true;
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
