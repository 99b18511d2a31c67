package bedload.object;

import bedload.job.S3Uri;
import bedload.object.ObjectStoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The bytes of one version of an object. S3 closes a connection that is read slowly, and networks
 * break; then the rest is asked for anew, on the condition that the object is still the same.
 */
final class S3Read extends InputStream {
  private static final Logger log = LoggerFactory.getLogger(S3Read.class);

  /** How often in a row the rest is asked for and no byte comes; each time the SDK tries on. */
  private static final int FRUITLESS = 3;

  private final S3Client client;
  private final S3Uri object;
  private final @Nullable String owner;
  private ResponseInputStream<GetObjectResponse> source;
  private final String etag;
  private long position;
  private final long end;
  private int fruitless;
  private boolean closed;

  private S3Read(
      S3Client client,
      S3Uri object,
      @Nullable String owner,
      long firstByte,
      ResponseInputStream<GetObjectResponse> source) {
    this.client = client;
    this.object = object;
    this.owner = owner;
    this.source = source;
    this.etag = source.response().eTag();
    this.position = firstByte;
    this.end = firstByte + source.response().contentLength();
  }

  static S3Read whole(S3Client client, S3Uri object, @Nullable String owner) {
    GetObjectRequest request = request(object, owner).build();
    return new S3Read(client, object, owner, 0, open(client, object, request));
  }

  static S3Read stretch(
      S3Client client, S3Uri object, @Nullable String owner, long firstByte, long endByte) {
    GetObjectRequest request =
        request(object, owner).range("bytes=%d-%d".formatted(firstByte, endByte - 1)).build();
    return new S3Read(client, object, owner, firstByte, open(client, object, request));
  }

  private static GetObjectRequest.Builder request(S3Uri object, @Nullable String owner) {
    return GetObjectRequest.builder()
        .bucket(object.bucket())
        .key(object.key())
        .expectedBucketOwner(owner);
  }

  private static ResponseInputStream<GetObjectResponse> open(
      S3Client client, S3Uri object, GetObjectRequest request) {
    return S3Failures.call("read " + object, () -> client.getObject(request));
  }

  /** Returns an ETag without the quotes that it has on the wire. */
  static String unquoted(String etag) {
    return etag.startsWith("\"") && etag.endsWith("\"") && etag.length() > 1
        ? etag.substring(1, etag.length() - 1)
        : etag;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (closed) {
      throw new IllegalStateException("The stream of " + object + " is closed");
    }
    if (length == 0) {
      return 0;
    }
    while (true) {
      if (Thread.currentThread().isInterrupted()) {
        throw S3Failures.interrupted("read " + object, new InterruptedException());
      }
      try {
        int count = source.read(target, offset, length);
        if (count > 0) {
          position += count;
          fruitless = 0;
          return count;
        }
        if (position == end) {
          return -1;
        }
        goOn(new IOException("The store ended the stream too early"));
      } catch (IOException | SdkException e) {
        goOn(e);
      }
    }
  }

  /** Asks for the rest, or throws if that makes no sense. */
  private void goOn(Exception broken) {
    if (Thread.currentThread().isInterrupted()) {
      throw S3Failures.interrupted("read " + object, broken);
    }
    // At the end nothing is missing: what fails there is the checksum of the whole.
    if (position == end || ++fruitless > FRUITLESS) {
      throw new ObjectStoreException(
          Kind.UNAVAILABLE,
          "Cannot read %s: broken off at byte %d of %d: %s"
              .formatted(object, position, end, broken.getMessage()),
          broken);
    }
    log.debug("Reading {} goes on at byte {} after {}", object, position, broken.toString());
    source.abort();
    source =
        open(
            client,
            object,
            request(object, owner)
                .range("bytes=%d-%d".formatted(position, end - 1))
                .ifMatch(etag)
                .build());
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (position < end) {
        // To close politely is to read the rest, which may be gigabytes.
        source.abort();
      } else {
        try {
          source.close();
        } catch (IOException e) {
          log.debug("Closing {}: {}", object, e.toString());
        }
      }
    }
  }
}
