package bedload.object;

import static bedload.object.LoopbackS3.ALICE;
import static bedload.object.LoopbackS3.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import bedload.job.S3Uri;
import bedload.wire.RawHttp;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The endpoint as clients over a socket see it, and what it leaves on disk. */
@TestInstance(Lifecycle.PER_CLASS)
class EmbeddedS3Test {
  private static final String BUCKET = "alices-bucket";
  private static final int PART_BYTES = 5 << 20;

  private Path folder;
  private LoopbackS3 s3;

  @BeforeAll
  void start(@TempDir Path directory) {
    folder = directory;
    s3 = new LoopbackS3(directory);
  }

  @AfterAll
  void stop() {
    s3.close();
  }

  @BeforeEach
  void makeBucket() {
    s3.clear();
    alice().createBucket(request -> request.bucket(BUCKET));
  }

  private S3Client alice() {
    return s3.client(ALICE);
  }

  private S3Client bob() {
    return s3.client(BOB);
  }

  private PutObjectResponse put(String key, String content) {
    return alice()
        .putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromString(content));
  }

  private String get(String key) {
    return alice().getObjectAsBytes(request -> request.bucket(BUCKET).key(key)).asUtf8String();
  }

  private static String codeOf(Runnable call) {
    return catchThrowableOfType(S3Exception.class, call::run).awsErrorDetails().errorCode();
  }

  private static int statusOf(Runnable call) {
    return catchThrowableOfType(S3Exception.class, call::run).statusCode();
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  /** What is on disk is what the rows name, and that many. */
  private void assertFiles(int count) {
    assertThat(s3.files()).hasSize(count);
    assertThat(s3.rows("file")).isEqualTo(count);
  }

  private void withClient(AwsCredentials credentials, Consumer<S3Client> use) {
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(s3.server().endpoint())
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(StaticCredentialsProvider.create(credentials))
            .build()) {
      use.accept(client);
    }
  }

  // Who may do what.

  @Test
  void wrongSecretIsRefused() {
    withClient(
        AwsBasicCredentials.create("AKIAALICE", "another secret"),
        client ->
            assertThat(codeOf(() -> client.listObjectsV2(request -> request.bucket(BUCKET))))
                .isEqualTo("SignatureDoesNotMatch"));
  }

  @Test
  void unknownKeyIsRefused() {
    withClient(
        AwsBasicCredentials.create("AKIANOBODY", "alice's secret"),
        client -> assertThat(codeOf(client::listBuckets)).isEqualTo("InvalidAccessKeyId"));
  }

  @Test
  void sessionTokenIsRefusedWithAHint() {
    withClient(
        AwsSessionCredentials.create("AKIAALICE", "alice's secret", "a token"),
        client ->
            assertThatThrownBy(client::listBuckets).hasMessageContaining("AWS_SESSION_TOKEN"));
  }

  @Test
  void unsignedRequestIsRefused() throws IOException {
    put("k", "secret");
    for (String path : List.of("/", "/" + BUCKET, "/" + BUCKET + "/k", "/healthz")) {
      assertThat(exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 403")
          .contains("<Code>AccessDenied</Code>");
    }
  }

  private String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), s3.server().port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void otherAccountReachesNothing() {
    put("k", "secret");
    String uploadId =
        alice().createMultipartUpload(request -> request.bucket(BUCKET).key("big")).uploadId();
    bob().createBucket(request -> request.bucket("bobs-bucket"));

    assertThat(bob().listBuckets().buckets())
        .extracting(bucket -> bucket.name())
        .containsExactly("bobs-bucket");
    List<Runnable> attempts =
        List.of(
            () -> bob().getObject(request -> request.bucket(BUCKET).key("k")),
            () -> bob().listObjectsV2(request -> request.bucket(BUCKET)),
            () -> bob().listMultipartUploads(request -> request.bucket(BUCKET)),
            () ->
                bob()
                    .putObject(
                        request -> request.bucket(BUCKET).key("k"), RequestBody.fromString("x")),
            () -> bob().deleteObject(request -> request.bucket(BUCKET).key("k")),
            () ->
                bob()
                    .deleteObjects(
                        request ->
                            request
                                .bucket(BUCKET)
                                .delete(
                                    delete ->
                                        delete.objects(
                                            ObjectIdentifier.builder().key("k").build()))),
            () -> bob().deleteBucket(request -> request.bucket(BUCKET)),
            () ->
                bob()
                    .abortMultipartUpload(
                        request -> request.bucket(BUCKET).key("big").uploadId(uploadId)),
            () ->
                bob()
                    .copyObject(
                        request ->
                            request
                                .sourceBucket(BUCKET)
                                .sourceKey("k")
                                .destinationBucket("bobs-bucket")
                                .destinationKey("k")),
            () ->
                alice()
                    .copyObject(
                        request ->
                            request
                                .sourceBucket(BUCKET)
                                .sourceKey("k")
                                .destinationBucket("bobs-bucket")
                                .destinationKey("k")));
    for (Runnable attempt : attempts) {
      assertThat(codeOf(attempt)).isEqualTo("AccessDenied");
    }
    assertThat(statusOf(() -> bob().headObject(request -> request.bucket(BUCKET).key("k"))))
        .isEqualTo(403);
    assertThat(codeOf(() -> bob().createBucket(request -> request.bucket(BUCKET))))
        .isEqualTo("BucketAlreadyExists");
    assertThat(
            codeOf(
                () ->
                    bob()
                        .uploadPart(
                            request ->
                                request
                                    .bucket("bobs-bucket")
                                    .key("big")
                                    .uploadId(uploadId)
                                    .partNumber(1),
                            RequestBody.fromString("x"))))
        .isEqualTo("NoSuchUpload");
    assertThat(get("k")).isEqualTo("secret");
  }

  @Test
  void expectedOwnerIsCheckedAtSourceAndDestination() {
    put("k", "x");
    assertThat(
            codeOf(
                () ->
                    alice()
                        .copyObject(
                            request ->
                                request
                                    .sourceBucket(BUCKET)
                                    .sourceKey("k")
                                    .destinationBucket(BUCKET)
                                    .destinationKey("k2")
                                    .expectedSourceBucketOwner(BOB.value()))))
        .isEqualTo("AccessDenied");
    assertThat(
            codeOf(
                () ->
                    alice()
                        .getObject(
                            request ->
                                request.bucket(BUCKET).key("k").expectedBucketOwner("nobody"))))
        .isEqualTo("InvalidBucketOwnerAWSAccountID");
  }

  // Buckets.

  @Test
  void bucketNamesAreAwsOnes() throws Exception {
    SignedPut put = new SignedPut(s3.server().endpoint(), LoopbackS3.keys(ALICE));
    for (String name : List.of("Upper", "under_score", "a".repeat(64), "dot..dot", "-dash")) {
      assertThat(put.send("/" + name, new byte[0], new byte[0]))
          .startsWith("400 ")
          .contains("InvalidBucketName");
    }
    assertThat(codeOf(() -> alice().createBucket(request -> request.bucket(BUCKET))))
        .isEqualTo("BucketAlreadyOwnedByYou");
  }

  @Test
  void onlyAnEmptyBucketIsDeletedAndUnfinishedUploadsGoWithIt() {
    put("k", "x");
    assertThat(codeOf(() -> alice().deleteBucket(request -> request.bucket(BUCKET))))
        .isEqualTo("BucketNotEmpty");
    alice().deleteObject(request -> request.bucket(BUCKET).key("k"));
    String uploadId = begin("big");
    part("big", uploadId, 1, random(1_000));
    alice().deleteBucket(request -> request.bucket(BUCKET));
    assertThat(codeOf(() -> put("k", "x"))).isEqualTo("NoSuchBucket");
    assertFiles(0);
    assertThat(s3.rows("upload")).isZero();
  }

  // Listing.

  @Test
  void delimiterGathersKeysAndPagesMeetAtTheRightPlace() {
    List.of("a", "f/1", "f/2", "f/g/3", "g", "h/1", "h/2", "i")
        .forEach(key -> put("p/" + key, key));
    List<String> expected = List.of("p/a", "p/f/", "p/g", "p/h/", "p/i");
    for (int pageSize = 1; pageSize <= 6; pageSize++) {
      assertThat(listed("p/", "/", pageSize)).isEqualTo(expected);
    }
    assertThat(listed("p/f", "/", 1)).containsExactly("p/f/");
    assertThat(listed("p/f/", "/", 2)).containsExactly("p/f/1", "p/f/2", "p/f/g/");
  }

  private List<String> listed(String prefix, String delimiter, int pageSize) {
    List<String> found = new ArrayList<>();
    String token = null;
    do {
      String from = token;
      ListObjectsV2Response page =
          alice()
              .listObjectsV2(
                  request ->
                      request
                          .bucket(BUCKET)
                          .prefix(prefix)
                          .delimiter(delimiter)
                          .maxKeys(pageSize)
                          .continuationToken(from));
      assertThat(page.keyCount()).isBetween(1, pageSize);
      page.contents().stream().map(S3Object::key).forEach(found::add);
      page.commonPrefixes().stream().map(CommonPrefix::prefix).forEach(found::add);
      token = page.nextContinuationToken();
    } while (token != null);
    return found.stream().sorted().toList();
  }

  @Test
  void oldListingGoesOnBehindItsMarker() {
    List.of("a", "f/1", "f/2", "g").forEach(key -> put(key, key));
    var first = alice().listObjects(request -> request.bucket(BUCKET).delimiter("/").maxKeys(2));
    assertThat(first.isTruncated()).isTrue();
    assertThat(first.nextMarker()).isEqualTo("f/");
    var second =
        alice()
            .listObjects(
                request -> request.bucket(BUCKET).delimiter("/").marker(first.nextMarker()));
    assertThat(second.contents()).extracting(S3Object::key).containsExactly("g");
    assertThat(second.commonPrefixes()).isEmpty();
  }

  // Conditions.

  @Test
  void ofManyWhoWantToBeFirstOneIs() throws Exception {
    List<Callable<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String content = "writer " + i;
      attempts.add(
          () -> {
            try {
              alice()
                  .putObject(
                      request -> request.bucket(BUCKET).key("lock").ifNoneMatch("*"),
                      RequestBody.fromString(content));
              return true;
            } catch (S3Exception e) {
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("PreconditionFailed");
              return false;
            }
          });
    }
    assertThat(together(attempts)).containsOnlyOnce(true);
    assertFiles(1);
  }

  private static <T> List<T> together(List<Callable<T>> calls)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Test
  void writeAndDeleteHoldToTheEtag() {
    String first = put("k", "one").eTag();
    String second =
        alice()
            .putObject(
                request -> request.bucket(BUCKET).key("k").ifMatch(first),
                RequestBody.fromString("two"))
            .eTag();
    assertThat(
            codeOf(
                () ->
                    alice()
                        .putObject(
                            request -> request.bucket(BUCKET).key("k").ifMatch(first),
                            RequestBody.fromString("three"))))
        .isEqualTo("PreconditionFailed");
    assertThat(
            codeOf(
                () ->
                    alice()
                        .deleteObject(request -> request.bucket(BUCKET).key("k").ifMatch(first))))
        .isEqualTo("PreconditionFailed");
    assertThat(get("k")).isEqualTo("two");
    alice().deleteObject(request -> request.bucket(BUCKET).key("k").ifMatch(second));
    assertFiles(0);
  }

  @Test
  void readHoldsToTheEtag() {
    String etag = put("k", "one").eTag();
    assertThat(
            statusOf(
                () ->
                    alice()
                        .getObject(request -> request.bucket(BUCKET).key("k").ifNoneMatch(etag))))
        .isEqualTo(304);
    assertThat(
            statusOf(
                () ->
                    alice()
                        .getObject(request -> request.bucket(BUCKET).key("k").ifMatch("\"no\""))))
        .isEqualTo(412);
    assertThat(
            codeOf(
                () ->
                    alice()
                        .getObject(request -> request.bucket(BUCKET).key("k").range("bytes=3-"))))
        .isEqualTo("InvalidRange");
    assertThat(
            alice()
                .getObjectAsBytes(request -> request.bucket(BUCKET).key("k").range("bytes=-2"))
                .asUtf8String())
        .isEqualTo("ne");
  }

  @Test
  void manyWritersOfOneKeyLeaveOneObjectAndOneFile() throws Exception {
    List<Callable<String>> writes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String content = "writer " + i;
      writes.add(
          () -> {
            put("k", content);
            return content;
          });
    }
    assertThat(together(writes)).contains(get("k"));
    await().untilAsserted(() -> assertFiles(1));
  }

  // Bodies that must not count.

  @Test
  void wrongDigestIsRefusedAndLeavesNothing() {
    assertThat(
            codeOf(
                () ->
                    alice()
                        .putObject(
                            request ->
                                request
                                    .bucket(BUCKET)
                                    .key("k")
                                    .contentMD5("1B2M2Y8AsgTpgAmY7PhCfg=="),
                            RequestBody.fromString("not empty"))))
        .isEqualTo("BadDigest");
    assertThat(
            codeOf(
                () ->
                    alice()
                        .putObject(
                            request -> request.bucket(BUCKET).key("k").checksumCRC32("AAAAAA=="),
                            RequestBody.fromString("not empty"))))
        .isEqualTo("BadDigest");
    assertFiles(0);
  }

  private static S3Presigner presigner(URI endpoint, boolean isPathStyle) {
    return S3Presigner.builder()
        .endpointOverride(endpoint)
        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(isPathStyle).build())
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(LoopbackS3.keys(ALICE)))
        .build();
  }

  private static URI presignedPut(S3Presigner presigner, String key) {
    return URI.create(
        presigner
            .presignPutObject(
                presign ->
                    presign
                        .signatureDuration(Duration.ofMinutes(1))
                        .putObjectRequest(put -> put.bucket(BUCKET).key(key)))
            .url()
            .toString());
  }

  private RawHttp.Reply send(String method, URI url, String body) {
    return RawHttp.send(
        s3.server().port(),
        "%s %s?%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(
                method,
                url.getRawPath(),
                url.getRawQuery(),
                url.getAuthority(),
                body.length(),
                body));
  }

  @Test
  void hostNamesABucketUnderTheDomainsThatAreSet() {
    int port = s3.server().port();
    String key = "a//b c/+ü";
    try (S3Presigner known =
            presigner(URI.create("http://" + LoopbackS3.DOMAIN + ":" + port), false);
        S3Presigner unknown = presigner(URI.create("http://other.internal:" + port), false)) {
      URI url = presignedPut(known, key);
      assertThat(url.getHost()).isEqualTo(BUCKET + "." + LoopbackS3.DOMAIN);

      assertThat(send("PUT", url, "by host").status()).isEqualTo(200);
      assertThat(get(key)).isEqualTo("by host");
      assertThat(send("PUT", presignedPut(unknown, key), "elsewhere").status()).isNotEqualTo(200);
      assertThat(get(key)).isEqualTo("by host");
    }
  }

  @Test
  void pathNamesABucketUnderADomainToo() {
    URI endpoint = URI.create("http://" + LoopbackS3.DOMAIN + ":" + s3.server().port());
    try (S3Presigner byPath = presigner(endpoint, true)) {
      assertThat(send("PUT", presignedPut(byPath, "k"), "by path").status()).isEqualTo(200);
      assertThat(get("k")).isEqualTo("by path");
    }
  }

  @Test
  void bodyThatBreaksOffIsNoObject() throws IOException {
    put("k", "old");
    try (S3Presigner presigner = presigner(s3.server().endpoint(), true)) {
      URI url = presignedPut(presigner, "k");
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), s3.server().port())) {
        OutputStream out = socket.getOutputStream();
        out.write(
            "PUT %s?%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 3000000\r\n\r\n"
                .formatted(url.getRawPath(), url.getRawQuery(), url.getAuthority())
                .getBytes(StandardCharsets.US_ASCII));
        out.write(random(2_000_000));
        out.flush();
        await().untilAsserted(() -> assertThat(s3.files()).hasSize(2));
        assertThat(get("k")).isEqualTo("old");
      }
    }
    await().untilAsserted(() -> assertFiles(1));
    assertThat(get("k")).isEqualTo("old");
  }

  @Test
  void largeBodyHashedAsAWholeIsCheckedWhileItStreams() throws Exception {
    byte[] body = random(12_000_000);
    SignedPut put = new SignedPut(s3.server().endpoint(), LoopbackS3.keys(ALICE));
    assertThat(put.send("/" + BUCKET + "/k", body, body)).startsWith("200 ");
    assertThat(alice().getObjectAsBytes(request -> request.bucket(BUCKET).key("k")).asByteArray())
        .isEqualTo(body);

    byte[] forged = body.clone();
    forged[11_999_999]++;
    assertThat(put.send("/" + BUCKET + "/k2", body, forged))
        .startsWith("400 ")
        .contains("XAmzContentSHA256Mismatch");
    SignedPut stranger =
        new SignedPut(
            s3.server().endpoint(), AwsBasicCredentials.create("AKIAALICE", "another secret"));
    assertThat(stranger.send("/" + BUCKET + "/k3", body, body))
        .startsWith("403 ")
        .contains("SignatureDoesNotMatch");
    assertFiles(1);
  }

  // Multipart uploads.

  private String begin(String key) {
    return alice().createMultipartUpload(request -> request.bucket(BUCKET).key(key)).uploadId();
  }

  private CompletedPart part(String key, String uploadId, int number, byte[] content) {
    String etag =
        alice()
            .uploadPart(
                request -> request.bucket(BUCKET).key(key).uploadId(uploadId).partNumber(number),
                RequestBody.fromBytes(content))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(etag).build();
  }

  private void complete(String key, String uploadId, List<CompletedPart> parts) {
    alice()
        .completeMultipartUpload(
            request ->
                request
                    .bucket(BUCKET)
                    .key(key)
                    .uploadId(uploadId)
                    .multipartUpload(upload -> upload.parts(parts)));
  }

  @Test
  void abortedUploadLeavesNoRowAndNoFile() {
    String uploadId = begin("big");
    part("big", uploadId, 1, random(100_000));
    part("big", uploadId, 2, random(100_000));
    assertFiles(2);
    alice().abortMultipartUpload(request -> request.bucket(BUCKET).key("big").uploadId(uploadId));
    assertFiles(0);
    assertThat(s3.rows("upload")).isZero();
    assertThat(codeOf(() -> part("big", uploadId, 3, random(10)))).isEqualTo("NoSuchUpload");
    assertFiles(0);
  }

  @Test
  void closedUploadOfTheClientLeavesNothing() {
    try (ObjectUpload upload = s3.store().upload(new S3Uri(BUCKET, "big"), "text/plain")) {
      upload.write(random(17_000_000), 0, 17_000_000);
      assertThat(s3.rows("upload")).isEqualTo(1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertFiles(0);
    assertThat(s3.rows("upload")).isZero();
  }

  @Test
  void onlyNamedPartsMakeTheObjectAndTheLastOfANumberCounts() {
    byte[] first = random(PART_BYTES);
    byte[] last = random(1_000);
    String uploadId = begin("big");
    part("big", uploadId, 1, random(PART_BYTES + 1));
    CompletedPart one = part("big", uploadId, 1, first);
    part("big", uploadId, 2, random(50));
    CompletedPart three = part("big", uploadId, 3, last);
    assertThat(codeOf(() -> alice().headObject(request -> request.bucket(BUCKET).key("big"))))
        .as("nothing to see before the end")
        .isNotNull();
    complete("big", uploadId, List.of(one, three));
    byte[] whole =
        alice().getObjectAsBytes(request -> request.bucket(BUCKET).key("big")).asByteArray();
    assertThat(whole).startsWith(first).endsWith(last).hasSize(first.length + last.length);
    assertFiles(2);
    assertThat(s3.rows("upload")).isZero();
  }

  @Test
  void partsMayComeInAnyOrderAndAtOnce() throws Exception {
    String uploadId = begin("big");
    List<Callable<CompletedPart>> sends = new ArrayList<>();
    for (int number = 5; number >= 1; number--) {
      int own = number;
      byte[] content = new byte[PART_BYTES];
      Arrays.fill(content, (byte) number);
      sends.add(() -> part("big", uploadId, own, content));
    }
    List<CompletedPart> parts = together(sends).reversed();
    complete("big", uploadId, parts);
    byte[] whole =
        alice().getObjectAsBytes(request -> request.bucket(BUCKET).key("big")).asByteArray();
    assertThat(whole).hasSize(5 * PART_BYTES);
    for (int number = 1; number <= 5; number++) {
      assertThat(whole[(number - 1) * PART_BYTES]).isEqualTo((byte) number);
      assertThat(whole[number * PART_BYTES - 1]).isEqualTo((byte) number);
    }
  }

  @Test
  void completionThatIsSentTwiceSucceedsTwice() {
    String uploadId = begin("big");
    List<CompletedPart> parts = List.of(part("big", uploadId, 1, random(1_000)));
    complete("big", uploadId, parts);
    complete("big", uploadId, parts);
    assertFiles(1);
  }

  @Test
  void uploadsUnderWayAreListed() {
    String uploadId = begin("big");
    part("big", uploadId, 7, random(1_000));
    assertThat(alice().listMultipartUploads(request -> request.bucket(BUCKET)).uploads())
        .extracting(upload -> upload.uploadId())
        .containsExactly(uploadId);
    assertThat(
            alice()
                .listParts(request -> request.bucket(BUCKET).key("big").uploadId(uploadId))
                .parts())
        .extracting(part -> part.partNumber() + " " + part.size())
        .containsExactly("7 1000");
  }

  // What is kept.

  @Test
  void headersAndMetadataAreGivenBackByReadAndCopy() {
    alice()
        .putObject(
            request ->
                request
                    .bucket(BUCKET)
                    .key("k")
                    .contentType("application/jsonl; charset=utf-8")
                    .contentEncoding("identity")
                    .cacheControl("no-store")
                    .metadata(Map.of("epoch", "7"))
                    .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                    .ssekmsKeyId("arn:aws:kms:us-east-1:111111111111:key/k"),
            RequestBody.fromString("x"));
    HeadObjectResponse head = alice().headObject(request -> request.bucket(BUCKET).key("k"));
    assertThat(head.contentType()).isEqualToIgnoringCase("application/jsonl; charset=utf-8");
    assertThat(head.contentEncoding()).isEqualTo("identity");
    assertThat(head.cacheControl()).isEqualTo("no-store");
    assertThat(head.metadata()).isEqualTo(Map.of("epoch", "7"));
    assertThat(head.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
    assertThat(head.ssekmsKeyId()).isEqualTo("arn:aws:kms:us-east-1:111111111111:key/k");

    alice()
        .copyObject(
            request ->
                request
                    .sourceBucket(BUCKET)
                    .sourceKey("k")
                    .destinationBucket(BUCKET)
                    .destinationKey("copy"));
    alice().deleteObject(request -> request.bucket(BUCKET).key("k"));
    HeadObjectResponse copy = alice().headObject(request -> request.bucket(BUCKET).key("copy"));
    assertThat(copy.metadata()).isEqualTo(Map.of("epoch", "7"));
    assertThat(copy.serverSideEncryption()).isNull();
    assertThat(get("copy")).isEqualTo("x");
    assertFiles(1);
  }

  @Test
  void whatIsNotOfferedIsSaid() {
    assertThat(
            codeOf(
                () ->
                    alice()
                        .putObject(
                            request -> request.bucket(BUCKET).key("k").acl("public-read"),
                            RequestBody.fromString("x"))))
        .isEqualTo("NotImplemented");
    assertThat(
            codeOf(
                () ->
                    alice()
                        .putObject(
                            request -> request.bucket(BUCKET).key("k").tagging("a=b"),
                            RequestBody.fromString("x"))))
        .isEqualTo("NotImplemented");
    assertFiles(0);
  }

  @Test
  void everythingReadsBackAfterARestart() {
    put("k", "kept");
    String uploadId = begin("big");
    byte[] first = random(PART_BYTES);
    CompletedPart one = part("big", uploadId, 1, first);

    s3.restart();

    assertThat(get("k")).isEqualTo("kept");
    CompletedPart two = part("big", uploadId, 2, random(1_000));
    complete("big", uploadId, List.of(one, two));
    assertThat(alice().getObjectAsBytes(request -> request.bucket(BUCKET).key("big")).asByteArray())
        .startsWith(first)
        .hasSize(PART_BYTES + 1_000);
  }

  @Test
  void startSweepsFilesThatNoRowNames() throws IOException {
    put("k", "kept");
    Path orphan = folder.resolve("ab").resolve(new UUID(0xab00_0000_0000_0000L, 1).toString());
    Path foreign = folder.resolve("ab").resolve("README");
    Files.writeString(orphan, "left behind by a crash");
    Files.writeString(foreign, "not ours");

    s3.restart();

    await().untilAsserted(() -> assertThat(orphan).doesNotExist());
    assertThat(foreign).exists();
    assertThat(get("k")).isEqualTo("kept");
  }

  @Test
  void startEndsUploadsThatNobodyCameBackTo() {
    String old = begin("old");
    part("old", old, 1, random(1_000));
    String recent = begin("recent");
    part("recent", recent, 1, random(1_000));
    s3.execute("update object.upload set started_at = now() - interval '8 days' where key = 'old'");

    s3.restart();

    await().untilAsserted(() -> assertFiles(1));
    assertThat(codeOf(() -> part("old", old, 2, random(10)))).isEqualTo("NoSuchUpload");
    part("recent", recent, 2, random(10));
  }

  @Test
  void takenPortIsNamed() {
    assertThatThrownBy(() -> LoopbackS3.startAt(s3.server().port(), folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + s3.server().port())
        .hasMessageContaining("in use")
        .hasMessageContaining("--s3-listen");
  }

  @Test
  void folderThatIsAFileIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> LoopbackS3.startAt(0, file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }
}
