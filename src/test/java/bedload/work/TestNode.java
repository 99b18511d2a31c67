package bedload.work;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobSpec;
import bedload.job.S3Uri;
import bedload.ledger.Books;
import bedload.ledger.JobSpecs;
import bedload.ledger.SubmitResult;
import bedload.model.ModelEntry;
import bedload.model.ModelMap;
import bedload.model.Patience;
import bedload.object.EmbeddedS3;
import bedload.object.KeyRing;
import bedload.object.ObjectStore;
import bedload.object.ObjectStores;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** A node of the service within a test: real database, real S3 endpoint, real schedulers. */
final class TestNode implements AutoCloseable {
  static final AccountId ACCOUNT = AccountId.DEFAULT;
  static final String REGION = "us-east-1";
  static final String KEY_ID = "TESTKEY";
  static final String SECRET = "test-secret";

  /** How long this store may be silent: long for this machine, short for a test. */
  private static final Duration STORE_SILENCE = Duration.ofSeconds(3);

  final Database database = TestDatabase.create();
  final Books books;
  final ObjectStore store;
  private final Path folder;
  private final InstantSource clock;
  private final EmbeddedS3 s3;
  private final ObjectStores stores;
  private final ModelMap models;
  private @Nullable Workshop workshop;

  TestNode(Path folder, List<ModelEntry> entries) throws IOException {
    this(folder, entries, InstantSource.system());
  }

  /** Makes a node whose ledger and schedulers go by a clock of the test's. */
  TestNode(Path folder, List<ModelEntry> entries, InstantSource clock) throws IOException {
    this(folder, entries, clock, server -> server, Patience.DEFAULT);
  }

  /**
   * Makes a node that reaches its object store by another way.
   *
   * @param network turns the store's own URL into the one to use
   */
  TestNode(Path folder, List<ModelEntry> entries, UnaryOperator<URI> network, Patience patience)
      throws IOException {
    this(folder, entries, InstantSource.system(), network, patience);
  }

  /** Makes a node with both: a clock of the test's, and another way to its object store. */
  TestNode(Path folder, List<ModelEntry> entries, InstantSource clock, UnaryOperator<URI> network)
      throws IOException {
    this(folder, entries, clock, network, Patience.DEFAULT);
  }

  private TestNode(
      Path folder,
      List<ModelEntry> entries,
      InstantSource clock,
      UnaryOperator<URI> network,
      Patience patience)
      throws IOException {
    this.folder = folder;
    this.clock = clock;
    this.books = Books.open(database.jdbi(), clock, RandomGenerator.getDefault());
    KeyRing keys =
        id ->
            switch (id) {
              case KEY_ID -> Optional.of(new KeyRing.Key(ACCOUNT, SECRET));
              case FakeSts.KEY_ID -> Optional.of(FakeSts.key(ACCOUNT));
              default -> Optional.empty();
            };
    this.s3 =
        EmbeddedS3.start("127.0.0.1", 0, List.of(), database, folder.resolve("objects"), keys);
    this.stores =
        new ObjectStores(
            network.apply(URI.create(s3Url())),
            REGION,
            account -> StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY_ID, SECRET)),
            STORE_SILENCE);
    this.models =
        new ModelMap(
            entries, Map.of(), patience, InstantSource.system(), RandomGenerator.getDefault());
    this.store = stores.of(ACCOUNT);
    S3Client client = stores.client(ACCOUNT);
    client.createBucket(bucket -> bucket.bucket("input"));
    client.createBucket(bucket -> bucket.bucket("output"));
  }

  /** Returns the URL of the S3 endpoint. */
  String s3Url() {
    return "http://127.0.0.1:" + s3.port();
  }

  /** Begins to work under the same name as before, if it ever did. */
  void start() {
    start(WorkRules.DEFAULT);
  }

  /** Begins to work by rules of its own. */
  void start(WorkRules rules) {
    start(rules, stores);
  }

  /** Begins to work with access of its own to the S3. */
  void start(WorkRules rules, ObjectStores stores) {
    workshop =
        new Workshop(
            new Node("test-node", folder, Heartbeat.DEFAULT),
            database.dataSource(),
            clock,
            books,
            stores,
            models,
            rules);
    workshop.start();
  }

  /** Ends the work in order; the database and the objects stay. */
  void stop() {
    if (workshop != null) {
      workshop.close();
      workshop = null;
    }
  }

  void put(String uri, String content) {
    store.put(S3Uri.parse(uri), content.getBytes(StandardCharsets.UTF_8), "application/jsonl");
  }

  String read(String uri) throws IOException {
    try (InputStream bytes = store.read(S3Uri.parse(uri))) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Returns how an object says that it is encrypted; null if it does not. */
  @Nullable String encryption(String bucket, String key) {
    HeadObjectResponse found =
        stores.client(ACCOUNT).headObject(request -> request.bucket(bucket).key(key));
    return found.serverSideEncryption() == null
        ? null
        : found.serverSideEncryptionAsString() + " " + found.ssekmsKeyId();
  }

  /** Begins an upload that nobody completes, as a process leaves it that dies. */
  void leaveUpload(String bucket, String key) {
    S3Client client = stores.client(ACCOUNT);
    String id = client.createMultipartUpload(request -> request.bucket(bucket).key(key)).uploadId();
    client.uploadPart(
        request -> request.bucket(bucket).key(key).uploadId(id).partNumber(1),
        RequestBody.fromString("a part"));
  }

  /** Returns the keys of uploads that nobody has completed. */
  List<String> uploads(String bucket) {
    return stores
        .client(ACCOUNT)
        .listMultipartUploads(request -> request.bucket(bucket))
        .uploads()
        .stream()
        .map(MultipartUpload::key)
        .toList();
  }

  /** Returns the keys below a prefix. */
  List<String> keys(String prefix) {
    return java.util.stream.StreamSupport.stream(
            store.list(S3Uri.parse(prefix)).spliterator(), false)
        .map(object -> object.uri().key())
        .toList();
  }

  Job submit(String name, String modelId, String input, String output) {
    return submit(JobSpecs.of(name, null, modelId, input, output));
  }

  Job submit(JobSpec spec) {
    SubmitResult result = books.ledger().submit(ACCOUNT, REGION, spec);
    return ((SubmitResult.Submitted) result).job();
  }

  Job find(JobId id) {
    return books.steps().find(id).orElseThrow();
  }

  /** Waits until the job has ended, whichever way. */
  Job awaitEnd(JobId id) {
    return awaitEnd(id, Duration.ofSeconds(60));
  }

  Job awaitEnd(JobId id, Duration patience) {
    Awaitility.await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> find(id).status().isFinal());
    return find(id);
  }

  @Override
  public void close() {
    stop();
    models.close();
    stores.close();
    s3.close();
    database.close();
  }
}
