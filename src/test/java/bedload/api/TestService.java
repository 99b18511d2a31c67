package bedload.api;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.ledger.Ledger;
import bedload.ledger.Steps;
import bedload.ledger.Tags;
import bedload.wire.AccessKey;
import bedload.wire.AwsDoor;
import bedload.wire.HttpFront;
import bedload.wire.ListenAddress;
import bedload.wire.PageTokens;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;

/** Bedrock's operations over a real ledger behind a real socket, and clients of it. */
final class TestService implements AutoCloseable {
  static final String REGION = "us-east-1";
  static final String MODEL = "amazon.titan-embed-text-v2:0";
  static final ServedModels MODELS =
      new ConfiguredModels(
          List.of(MODEL, "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "qwen2.5:0.5b"));

  private static final AtomicLong ACCOUNTS = new AtomicLong(123_456_789_000L);

  final SettableClock clock = new SettableClock();
  final Ledger ledger;
  final Steps steps;
  private final Tags tags;
  private final Database database;
  private final HttpFront front;

  TestService() {
    this(MODELS);
  }

  TestService(ServedModels models) {
    database = TestDatabase.create();
    ledger = new Ledger(database.jdbi(), clock, new Random(7));
    tags = new Tags(database.jdbi(), clock);
    steps = new Steps(database.jdbi(), clock);
    PageTokens tokens =
        new PageTokens("a key for tokens in tests".getBytes(StandardCharsets.UTF_8));
    AwsDoor door =
        new AwsDoor(
            BedrockOperations.over(ledger, tags, models, S3UriForm.AWS, tokens),
            new KeysByName(),
            InstantSource.system(),
            REGION);
    front = HttpFront.start(new ListenAddress("127.0.0.1", 0), door, _ -> {});
  }

  /** Returns the key of an account that nobody has used. */
  static AccessKey newKey() {
    return KeysByName.of(Long.toString(ACCOUNTS.incrementAndGet()));
  }

  int port() {
    return front.port();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  BedrockClient client(AccessKey key) {
    return client(key, REGION);
  }

  BedrockClient client(AccessKey key, String region) {
    return BedrockClient.builder()
        .endpointOverride(URI.create(url()))
        .region(Region.of(region))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(key.accessKeyId(), key.secret())))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  @Override
  public void close() {
    front.close();
    database.close();
  }
}
