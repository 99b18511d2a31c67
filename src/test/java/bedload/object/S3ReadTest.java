package bedload.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bedload.job.S3Uri;
import bedload.object.ObjectStoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Reading over a network that breaks. */
@TestInstance(Lifecycle.PER_CLASS)
class S3ReadTest {
  private static final S3Uri OBJECT = new S3Uri("bucket", "input.jsonl");
  private static final byte[] CONTENT = new byte[3_000_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  private LoopbackS3 s3;

  @BeforeAll
  void start(@TempDir Path folder) {
    s3 = new LoopbackS3(folder);
    s3.client(LoopbackS3.ALICE).createBucket(request -> request.bucket(OBJECT.bucket()));
  }

  @AfterAll
  void stop() {
    s3.close();
  }

  private ObjectStores over(URI endpoint) {
    return new ObjectStores(
        endpoint,
        "us-east-1",
        account -> StaticCredentialsProvider.create(LoopbackS3.keys(account)));
  }

  @Test
  void readGoesOnWhereTheConnectionBroke() throws IOException {
    s3.store().put(OBJECT, CONTENT, "application/jsonl");
    try (CuttingRelay relay = new CuttingRelay(s3.server().port(), 700_000);
        ObjectStores stores = over(relay.endpoint())) {
      ObjectStore store = stores.of(LoopbackS3.ALICE);
      try (InputStream stream = store.read(OBJECT)) {
        assertThat(stream.readAllBytes()).isEqualTo(CONTENT);
      }
      assertThat(relay.cuts()).isEqualTo(4);
      try (InputStream stream = store.read(OBJECT, 1_000_000, 2_900_000)) {
        assertThat(stream.readAllBytes())
            .isEqualTo(Arrays.copyOfRange(CONTENT, 1_000_000, 2_900_000));
      }
    }
  }

  @Test
  void readThatWouldMixTwoVersionsFails() throws IOException {
    s3.store().put(OBJECT, CONTENT, "application/jsonl");
    try (CuttingRelay relay = new CuttingRelay(s3.server().port(), 700_000);
        ObjectStores stores = over(relay.endpoint());
        InputStream stream = stores.of(LoopbackS3.ALICE).read(OBJECT)) {
      stream.readNBytes(1_000);
      s3.store().put(OBJECT, ByteBuffer.wrap(CONTENT, 1, 2_999_999), "text/plain", Map.of());
      assertThat(catchThrowableOfType(ObjectStoreException.class, stream::readAllBytes).kind())
          .isEqualTo(Kind.CHANGED);
    }
  }

  @Test
  void storeThatIsNotReachedIsUnavailable() {
    try (ObjectStores stores = over(URI.create("http://127.0.0.1:1"))) {
      ObjectStoreException failure =
          catchThrowableOfType(
              ObjectStoreException.class, () -> stores.of(LoopbackS3.ALICE).read(OBJECT));
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure).hasMessageStartingWith("Cannot read s3://bucket/input.jsonl: the store");
    }
  }
}
