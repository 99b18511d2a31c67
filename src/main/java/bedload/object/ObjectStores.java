package bedload.object;

import bedload.job.AccountId;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The object stores of all accounts: one S3, and for each account its own keys. */
public final class ObjectStores implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** For the first byte of an answer and between any two; S3 itself gives up sooner. */
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);

  private static final int ATTEMPTS = 4;

  private final @Nullable URI endpoint;
  private final String region;
  private final Function<AccountId, AwsCredentialsProvider> credentials;
  private final SdkHttpClient http;
  private final @Nullable RoleSessions roles;
  private final PartCopies partCopies = new PartCopies();
  private final Map<AccountId, S3Client> clients = new ConcurrentHashMap<>();

  /**
   * Reaches nothing yet.
   *
   * @param endpoint where S3 is spoken; null for AWS itself
   * @param credentials returns the keys with which to act for an account
   */
  public ObjectStores(
      @Nullable URI endpoint,
      String region,
      Function<AccountId, AwsCredentialsProvider> credentials) {
    this(endpoint, region, credentials, SOCKET_TIMEOUT);
  }

  /**
   * As above, with less patience for a silent store.
   *
   * @param silence for the first byte of an answer and between any two
   */
  public ObjectStores(
      @Nullable URI endpoint,
      String region,
      Function<AccountId, AwsCredentialsProvider> credentials,
      Duration silence) {
    this(endpoint, region, credentials, silence, null);
  }

  private ObjectStores(
      @Nullable URI endpoint,
      String region,
      Function<AccountId, AwsCredentialsProvider> credentials,
      Duration silence,
      @Nullable Sts sts) {
    this.http =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(CONNECT_TIMEOUT)
            .socketTimeout(silence)
            .build();
    this.endpoint = endpoint;
    this.region = region;
    this.credentials = credentials;
    this.roles =
        sts == null
            ? null
            : new RoleSessions(sts.endpoint(), Region.of(region), sts.ours(), http, this::connect);
  }

  private record Sts(@Nullable URI endpoint, AwsCredentialsProvider ours) {}

  /**
   * Stores of an S3 that is used with the role of each job, which is assumed by STS.
   *
   * @param sts where STS is spoken; null for AWS's own of the region
   * @param ours the keys with which to assume roles
   */
  public static ObjectStores assumingRoles(
      @Nullable URI endpoint, String region, AwsCredentialsProvider ours, @Nullable URI sts) {
    return new ObjectStores(endpoint, region, _ -> ours, SOCKET_TIMEOUT, new Sts(sts, ours));
  }

  /**
   * Returns the store as a role of the account may use it. Where no roles are assumed, that is as
   * the account may.
   *
   * @param session what the store's own records call the user
   */
  public ObjectStore of(AccountId account, String roleArn, String session) {
    return roles == null
        ? of(account)
        : new S3ObjectStore(roles.client(roleArn, session), partCopies);
  }

  /**
   * Assumes a role, unless none are.
   *
   * @throws ObjectStoreException if that is refused, with a sentence that says what to do
   */
  public void requireRole(String roleArn, String session) {
    if (roles != null) {
      roles.require(roleArn, session);
    }
  }

  /** Returns the store as the account may use it. */
  public ObjectStore of(AccountId account) {
    return new S3ObjectStore(client(account), partCopies);
  }

  /** Returns the SDK's client of the account, for what {@link ObjectStore} does not offer. */
  public S3Client client(AccountId account) {
    return clients.computeIfAbsent(account, wanted -> connect(credentials.apply(wanted)));
  }

  private S3Client connect(AwsCredentialsProvider keys) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .region(Region.of(region))
            .credentialsProvider(keys)
            .overrideConfiguration(
                override ->
                    override.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(ATTEMPTS)
                            .build()));
    if (endpoint != null) {
      // Bucket names in the host's place would need a DNS entry for each.
      builder.endpointOverride(endpoint).forcePathStyle(true);
    }
    return builder.build();
  }

  /** Closes all connections; the stores are of no use afterwards. */
  @Override
  public void close() {
    clients.values().forEach(S3Client::close);
    if (roles != null) {
      roles.close();
    }
    http.close();
  }
}
