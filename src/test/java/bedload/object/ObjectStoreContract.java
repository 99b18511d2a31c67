package bedload.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bedload.job.AccountId;
import bedload.job.S3Uri;
import bedload.object.ObjectStoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object store does; its own tests extend this. */
public interface ObjectStoreContract {
  /** Returns the store under test. */
  ObjectStore store();

  /** Returns a bucket of the store's account, with nothing in it. */
  String bucket();

  /** Returns the account whose bucket it is. */
  AccountId owner();

  private S3Uri uri(String key) {
    return new S3Uri(bucket(), key);
  }

  private byte[] bytes(S3Uri object) throws IOException {
    try (InputStream stream = store().read(object)) {
      return stream.readAllBytes();
    }
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> keys(String prefix) {
    List<String> keys = new ArrayList<>();
    store().list(uri(prefix)).forEach(object -> keys.add(object.uri().key()));
    return keys;
  }

  private static Kind kindOf(Runnable call) {
    return catchThrowableOfType(ObjectStoreException.class, call::run).kind();
  }

  @Test
  default void whatWasPutReadsBack() throws IOException {
    store().put(uri("a/b.jsonl"), utf8("hello\n"), "application/jsonl");
    assertThat(bytes(uri("a/b.jsonl"))).isEqualTo(utf8("hello\n"));
  }

  @Test
  default void emptyObjectIsAnObject() throws IOException {
    store().put(uri("empty"), new byte[0], "text/plain");
    assertThat(store().head(uri("empty")).orElseThrow().sizeBytes()).isZero();
    assertThat(bytes(uri("empty"))).isEmpty();
  }

  @Test
  default void putAgainReplaces() throws IOException {
    store().put(uri("k"), utf8("old and long"), "text/plain");
    store().put(uri("k"), utf8("new"), "text/plain");
    assertThat(bytes(uri("k"))).isEqualTo(utf8("new"));
    assertThat(keys("")).containsExactly("k");
  }

  @Test
  default void onlyTheRemainingBytesOfTheBufferArePutAndItsPositionStays() throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(utf8("xxhelloyy")).position(2).limit(7);
    store().put(uri("k"), buffer, "text/plain", Map.of());
    assertThat(bytes(uri("k"))).isEqualTo(utf8("hello"));
    assertThat(buffer.position()).isEqualTo(2);
  }

  @Test
  default void headTellsSizeAndMetadata() {
    Map<String, String> metadata = Map.of("epoch", "7", "bitmap", "A".repeat(1_900));
    store().put(uri("segment"), ByteBuffer.wrap(random(1_000)), "application/x-segment", metadata);
    StoredObject found = store().head(uri("segment")).orElseThrow();
    assertThat(found.sizeBytes()).isEqualTo(1_000);
    assertThat(found.metadata()).isEqualTo(metadata);
    assertThat(found.etag()).matches("[0-9a-f]{32}");
  }

  @Test
  default void headOfNothingIsEmpty() {
    assertThat(store().head(uri("nothing"))).isEmpty();
  }

  @Test
  default void missingObjectIsSaidInASentence() {
    assertThat(kindOf(() -> store().read(uri("nothing")))).isEqualTo(Kind.NO_SUCH_KEY);
    assertThatThrownBy(() -> store().read(uri("nothing")))
        .hasMessageStartingWith(
            "Cannot read s3://%s/nothing: there is no such object.".formatted(bucket()));
  }

  @Test
  default void missingBucketIsNotTakenForAMissingObject() {
    S3Uri nowhere = new S3Uri("no-such-bucket-anywhere", "k");
    assertThat(kindOf(() -> store().read(nowhere))).isEqualTo(Kind.NO_SUCH_BUCKET);
    assertThat(kindOf(() -> store().head(nowhere))).isEqualTo(Kind.NO_SUCH_BUCKET);
    assertThat(kindOf(() -> store().list(nowhere).forEach(object -> {})))
        .isEqualTo(Kind.NO_SUCH_BUCKET);
    assertThat(kindOf(() -> store().put(nowhere, utf8("x"), "text/plain")))
        .isEqualTo(Kind.NO_SUCH_BUCKET);
  }

  @Test
  default void stretchesAreReadAsAsked() throws IOException {
    byte[] content = random(100_000);
    store().put(uri("k"), content, "application/octet-stream");
    for (int[] stretch : new int[][] {{0, 1}, {0, 100_000}, {99_999, 100_000}, {5, 5}, {1, 77}}) {
      try (InputStream stream = store().read(uri("k"), stretch[0], stretch[1])) {
        assertThat(stream.readAllBytes())
            .isEqualTo(Arrays.copyOfRange(content, stretch[0], stretch[1]));
      }
    }
  }

  @Test
  default void stretchBehindTheEndEndsThere() throws IOException {
    store().put(uri("k"), utf8("hello"), "text/plain");
    try (InputStream stream = store().read(uri("k"), 3, 1_000)) {
      assertThat(stream.readAllBytes()).isEqualTo(utf8("lo"));
    }
  }

  @Test
  default void readerOfAReplacedObjectGetsOneVersion() throws IOException {
    byte[] old = random(3_000_000);
    store().put(uri("k"), old, "application/octet-stream");
    try (InputStream stream = store().read(uri("k"))) {
      byte[] first = stream.readNBytes(10);
      store().put(uri("k"), utf8("new"), "text/plain");
      byte[] rest = stream.readAllBytes();
      assertThat(ByteBuffer.allocate(old.length).put(first).put(rest).array()).isEqualTo(old);
    }
  }

  @Test
  default void unfinishedReadIsClosedWithoutReadingTheRest() throws IOException {
    store().put(uri("k"), random(5_000_000), "application/octet-stream");
    for (int i = 0; i < 20; i++) {
      try (InputStream stream = store().read(uri("k"))) {
        assertThat(stream.read()).isNotNegative();
      }
    }
  }

  @Test
  default void smallUploadIsAPlainObject() throws IOException {
    try (ObjectUpload upload = store().upload(uri("k"), "text/plain")) {
      upload.write(utf8("hello"));
      upload.complete();
    }
    assertThat(bytes(uri("k"))).isEqualTo(utf8("hello"));
    assertThat(store().head(uri("k")).orElseThrow().etag()).doesNotContain("-");
  }

  @Test
  default void twentyMegabyteUploadIsByteIdentical() throws IOException {
    byte[] content = random(20_000_000);
    try (ObjectUpload upload = store().upload(uri("big"), "application/octet-stream")) {
      for (int at = 0; at < content.length; at += 700_000) {
        upload.write(content, at, Math.min(700_000, content.length - at));
      }
      assertThat(store().head(uri("big"))).as("not to be seen before its end").isEmpty();
      assertThat(keys("")).isEmpty();
      upload.complete();
    }
    assertThat(bytes(uri("big"))).isEqualTo(content);
    try (InputStream stream = store().read(uri("big"), 8_388_600, 16_777_300)) {
      assertThat(stream.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(content, 8_388_600, 16_777_300));
    }
  }

  @Test
  default void uploadOfExactlyOnePartIsComplete() throws IOException {
    byte[] content = random(8 << 20);
    try (ObjectUpload upload = store().upload(uri("k"), "application/octet-stream")) {
      upload.write(content);
      upload.complete();
    }
    assertThat(bytes(uri("k"))).isEqualTo(content);
  }

  /** Without its bytes on the way to us and back: an output of gigabytes is made of such parts. */
  @Test
  default void aWholeObjectIsAppendedWithinTheStore() throws IOException {
    byte[] before = random(5 << 20);
    byte[] whole = random((5 << 20) + 77);
    byte[] after = random(1_000);
    store().put(uri("whole"), whole, "application/octet-stream");
    try (ObjectUpload upload = store().upload(uri("k"), "application/octet-stream")) {
      upload.write(before);
      assertThat(upload.append(store().head(uri("whole")).orElseThrow())).isTrue();
      assertThat(upload.append(store().head(uri("whole")).orElseThrow())).isTrue();
      upload.write(after);
      upload.complete();
    }
    ByteBuffer expected =
        ByteBuffer.allocate(before.length + 2 * whole.length + after.length)
            .put(before)
            .put(whole)
            .put(whole)
            .put(after);
    assertThat(bytes(uri("k"))).isEqualTo(expected.array());
  }

  /** Parts are 5 MiB or more, except for the last, and nobody knows yet which is the last. */
  @Test
  default void whatIsTooSmallForAPartIsNotAppendedAndLosesNothing() throws IOException {
    byte[] whole = random(5 << 20);
    store().put(uri("small"), random(1_000), "application/octet-stream");
    store().put(uri("whole"), whole, "application/octet-stream");
    try (ObjectUpload upload = store().upload(uri("k"), "application/octet-stream")) {
      assertThat(upload.append(store().head(uri("small")).orElseThrow())).isFalse();
      upload.write(7);
      assertThat(upload.append(store().head(uri("whole")).orElseThrow())).isFalse();
      upload.write(whole);
      upload.complete();
    }
    assertThat(bytes(uri("k")))
        .isEqualTo(ByteBuffer.allocate(1 + whole.length).put((byte) 7).put(whole).array());
  }

  @Test
  default void anotherVersionOfAnObjectIsNotAppended() {
    store().put(uri("whole"), random(5 << 20), "application/octet-stream");
    StoredObject old = store().head(uri("whole")).orElseThrow();
    store().put(uri("whole"), random((5 << 20) + 1), "application/octet-stream");
    try (ObjectUpload upload = store().upload(uri("k"), "application/octet-stream")) {
      assertThat(kindOf(() -> upload.append(old))).isEqualTo(Kind.CHANGED);
    }
  }

  @Test
  default void unfinishedUploadsBelowAPrefixAreForgotten() throws IOException {
    ObjectUpload left = store().upload(uri("job-1/a.out"), "application/octet-stream");
    left.write(random(9_000_000));
    ObjectUpload other = store().upload(uri("job-2/a.out"), "application/octet-stream");
    other.write(random(9_000_000));

    assertThat(store().abortUploads(uri("job-1/"))).isEqualTo(1);
    assertThat(store().abortUploads(uri("job-1/"))).isZero();

    assertThat(kindOf(left::complete)).isEqualTo(Kind.UNAVAILABLE);
    other.complete();
    assertThat(keys("")).containsExactly("job-2/a.out");
  }

  @Test
  default void closedUploadLeavesTheOldObject() throws IOException {
    store().put(uri("k"), utf8("old"), "text/plain");
    try (ObjectUpload upload = store().upload(uri("k"), "application/octet-stream")) {
      upload.write(random(9_000_000));
    }
    assertThat(bytes(uri("k"))).isEqualTo(utf8("old"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a//b",
        "//",
        "a/../b",
        "./c",
        "b c+d%25é",
        "trail/",
        "fd",
        "fd/b",
        "key with\ttab and \u0001",
        "?&=;#:@!$'()*,[]",
        "\\back\"slash<&>",
        "日本語/😀.jsonl",
        "~user/-_.",
      })
  default void keysAreTakenAsTheyAre(String key) throws IOException {
    byte[] content = utf8("content of " + key);
    store().put(uri(key), content, "text/plain");
    assertThat(bytes(uri(key))).isEqualTo(content);
    assertThat(store().head(uri(key)).orElseThrow().uri()).isEqualTo(uri(key));
    assertThat(keys("")).containsExactly(key);
    assertThat(keys(key)).containsExactly(key);
    store().delete(uri(key));
    assertThat(keys("")).isEmpty();
    store().put(uri(key), content, "text/plain");
    store().deleteAll(List.of(uri(key)));
    assertThat(keys("")).isEmpty();
  }

  @Test
  default void keyOf1024BytesIsTakenAndALongerOneRefused() throws IOException {
    String longest = "é".repeat(512);
    store().put(uri(longest), utf8("x"), "text/plain");
    assertThat(bytes(uri(longest))).isEqualTo(utf8("x"));
    assertThat(kindOf(() -> store().put(uri(longest + "e"), utf8("x"), "text/plain")))
        .isEqualTo(Kind.REFUSED);
  }

  @Test
  default void objectAndFolderOfOneNameAreTwoThings() throws IOException {
    store().put(uri("fd"), utf8("1"), "text/plain");
    store().put(uri("fd/b"), utf8("2"), "text/plain");
    assertThat(bytes(uri("fd"))).isEqualTo(utf8("1"));
    assertThat(bytes(uri("fd/b"))).isEqualTo(utf8("2"));
  }

  @Test
  default void listingIsInTheOrderOfBytesAndHoldsThePrefixOnly() {
    List<String> all = List.of("a", "p", "p-", "p/1", "p/2", "p0", "pé", "p\uFFFD", "p😀", "q");
    all.forEach(key -> store().put(uri(key), utf8(key), "text/plain"));
    assertThat(keys("")).containsExactlyElementsOf(all);
    assertThat(keys("p/")).containsExactly("p/1", "p/2");
    assertThat(keys("p")).containsExactlyElementsOf(all.subList(1, 9));
    assertThat(keys("x")).isEmpty();
  }

  @Test
  default void listingGoesOverPagesAndDeleteTakesMoreThanAThousand() {
    List<S3Uri> all =
        IntStream.range(0, 1_100).mapToObj(i -> uri("many/%04d".formatted(i))).toList();
    all.parallelStream().forEach(object -> store().put(object, utf8("x"), "text/plain"));
    assertThat(keys("many/")).hasSize(1_100).isSorted();
    store().deleteAll(all);
    assertThat(keys("")).isEmpty();
  }

  @Test
  default void deleteOfNothingIsNoFailure() {
    store().delete(uri("nothing"));
    store().deleteAll(List.of());
  }

  @Test
  default void ownerIsHeldToTheExpectation() {
    store().put(uri("k"), utf8("x"), "text/plain");
    assertThat(store().expectingOwner(owner()).head(uri("k"))).isPresent();
    ObjectStore mistaken = store().expectingOwner(new AccountId("999999999999"));
    assertThat(kindOf(() -> mistaken.read(uri("k")))).isEqualTo(Kind.ACCESS_DENIED);
    assertThat(kindOf(() -> mistaken.head(uri("k")))).isEqualTo(Kind.ACCESS_DENIED);
    assertThat(kindOf(() -> mistaken.put(uri("k"), utf8("y"), "text/plain")))
        .isEqualTo(Kind.ACCESS_DENIED);
    assertThat(kindOf(() -> mistaken.list(uri("")).forEach(object -> {})))
        .isEqualTo(Kind.ACCESS_DENIED);
  }

  @Test
  default void interruptEndsTheCallAndKeepsTheFlag() {
    store().put(uri("k"), random(100_000), "application/octet-stream");
    Thread.currentThread().interrupt();
    Kind kind = kindOf(() -> bytesUnchecked(uri("k")));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(kind).isEqualTo(Kind.INTERRUPTED);
  }

  private void bytesUnchecked(S3Uri object) {
    try {
      bytes(object);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
