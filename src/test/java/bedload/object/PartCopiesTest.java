package bedload.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.FaultProxy;
import bedload.FaultProxy.Fault;
import bedload.job.S3Uri;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Stores that do not copy objects into parts of others: the output is made without. */
@TestInstance(Lifecycle.PER_CLASS)
class PartCopiesTest {
  private static final S3Uri WHOLE = new S3Uri("copies", "whole");
  private static final S3Uri OUT = new S3Uri("copies", "out");
  private static final int PART_BYTES = 5 << 20;

  private final byte[] whole = new byte[PART_BYTES];
  private final AtomicInteger refusals = new AtomicInteger();
  private LoopbackS3 s3;

  /** What is done with a store. */
  private interface Use {
    void of(ObjectStore store) throws IOException;
  }

  @BeforeAll
  void start(@TempDir Path folder) {
    s3 = new LoopbackS3(folder);
    s3.client(LoopbackS3.ALICE).createBucket(request -> request.bucket("copies"));
    new Random(7).nextBytes(whole);
    s3.store().put(WHOLE, whole, "application/octet-stream");
  }

  @AfterAll
  void stop() {
    s3.close();
  }

  /** Uses the store through a network that refuses some requests, with an error of S3. */
  private void refusing(Predicate<FaultProxy.Seen> refused, int status, String code, Use use)
      throws IOException {
    refusals.set(0);
    Fault refusal =
        new Fault.Refused(
            status, "<Error><Code>%s</Code><Message>No.</Message></Error>".formatted(code));
    URI endpoint = s3.server().endpoint();
    try (FaultProxy network =
            FaultProxy.before(
                endpoint,
                seen -> {
                  if (!refused.test(seen)) {
                    return new Fault.None();
                  }
                  refusals.incrementAndGet();
                  return refusal;
                });
        ObjectStores stores =
            new ObjectStores(
                network.url(),
                "us-east-1",
                account -> StaticCredentialsProvider.create(LoopbackS3.keys(account)))) {
      use.of(stores.of(LoopbackS3.ALICE));
    }
  }

  private static boolean isCopy(FaultProxy.Seen seen) {
    return seen.method().equals("PUT") && seen.head().contains("x-amz-copy-source:");
  }

  private static boolean isCompletion(FaultProxy.Seen seen) {
    return seen.method().equals("POST") && seen.target().matches(".*[?&]uploadId=[^&]+.*");
  }

  /** Appends the object, or sends it if that cannot be, as whoever makes an output does. */
  private boolean add(ObjectStore store, ObjectUpload out) throws IOException {
    boolean isCopied = out.append(store.head(WHOLE).orElseThrow());
    if (!isCopied) {
      out.write(whole);
    }
    return isCopied;
  }

  private byte[] read() throws IOException {
    try (InputStream bytes = s3.store().read(OUT)) {
      return bytes.readAllBytes();
    }
  }

  private byte[] times(int count) {
    byte[] all = new byte[count * whole.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(whole, 0, all, i * whole.length, whole.length);
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"501, NotImplemented", "403, AccessDenied", "400, InvalidRequest"})
  void aStoreThatRefusesACopyIsAskedOnceAndGetsTheBytes(int status, String code)
      throws IOException {
    refusing(
        PartCopiesTest::isCopy,
        status,
        code,
        store -> {
          try (ObjectUpload out = store.upload(OUT, "application/octet-stream")) {
            // What was written before is sent as a part of its own before the copy is tried.
            out.write(whole);
            assertThat(add(store, out)).isFalse();
            assertThat(add(store, out)).isFalse();
            out.complete();
          }
          assertThat(read()).isEqualTo(times(3));
          try (ObjectUpload out = store.upload(OUT, "application/octet-stream")) {
            assertThat(add(store, out)).isFalse();
            out.complete();
          }
        });

    assertThat(read()).isEqualTo(whole);
    assertThat(refusals).hasValue(1);
  }

  /** As Cloudflare's R2 does, which wants all parts but the last to be of one size. */
  @Test
  void aStoreThatRefusesCopiedPartsOnlyInTheEndGetsTheBytesAtTheNextTry() throws IOException {
    AtomicInteger completions = new AtomicInteger();
    refusing(
        seen -> isCompletion(seen) && completions.incrementAndGet() == 1,
        400,
        "InvalidPart",
        store -> {
          try (ObjectUpload out = store.upload(OUT, "application/octet-stream")) {
            assertThat(add(store, out)).isTrue();
            assertThat(add(store, out)).isTrue();
            assertThatThrownBy(out::complete)
                .isInstanceOfSatisfying(
                    ObjectStoreException.class,
                    e -> assertThat(e.kind()).isEqualTo(ObjectStoreException.Kind.UNAVAILABLE));
          }
          try (ObjectUpload out = store.upload(OUT, "application/octet-stream")) {
            assertThat(add(store, out)).isFalse();
            assertThat(add(store, out)).isFalse();
            out.complete();
          }
        });

    assertThat(read()).isEqualTo(times(2));
    assertThat(refusals).hasValue(1);
  }

  /** Trouble passes: that a store is away for a moment says nothing of what it can do. */
  @Test
  void aStoreThatIsAwayForAMomentCopiesAllTheSame() throws IOException {
    AtomicInteger copies = new AtomicInteger();
    refusing(
        seen -> isCopy(seen) && copies.incrementAndGet() == 1,
        503,
        "SlowDown",
        store -> {
          try (ObjectUpload out = store.upload(OUT, "application/octet-stream")) {
            assertThat(add(store, out)).isTrue();
            out.complete();
          }
        });

    assertThat(read()).isEqualTo(whole);
    assertThat(copies).hasValue(2);
  }
}
