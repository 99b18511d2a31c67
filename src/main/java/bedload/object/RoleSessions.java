package bedload.object;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Roles that the service assumes by STS, a session for each job: its keys are kept until shortly
 * before they expire, then made anew. Thread-safe.
 */
final class RoleSessions implements AutoCloseable {
  /** Of more jobs at once, those idle longest assume their roles again. */
  private static final int SESSIONS_AT_MOST = 256;

  private static final String WHAT_TO_DO =
      "Let the trust policy of the role name whom this service runs as, and a policy of the latter allow sts:AssumeRole on it; or name another role.";

  /** How a client is made of keys. */
  interface Connect {
    S3Client with(AwsCredentialsProvider keys);
  }

  private record Name(String roleArn, String session) {}

  private record Session(StsAssumeRoleCredentialsProvider keys, S3Client client) {}

  private final StsClient sts;
  private final Connect connect;

  // One that is pushed out is not closed: a job may be using it, and it holds nothing of its own.
  private final Map<Name, Session> sessions =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Session> eldest) {
          return size() > SESSIONS_AT_MOST;
        }
      };

  /**
   * @param endpoint where STS is spoken; null for AWS's own of the region
   * @param ours the keys with which to assume
   */
  RoleSessions(
      @Nullable URI endpoint,
      Region region,
      AwsCredentialsProvider ours,
      SdkHttpClient http,
      Connect connect) {
    StsClientBuilder builder =
        StsClient.builder().region(region).credentialsProvider(ours).httpClient(http);
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    this.sts = builder.build();
    this.connect = connect;
  }

  /** Returns a client with the keys of the role; it is assumed when they are first needed. */
  S3Client client(String roleArn, String session) {
    return session(new Name(roleArn, session)).client();
  }

  /**
   * Assumes a role unless its keys are at hand.
   *
   * @throws ObjectStoreException with a sentence that names the role, the action and what to do
   */
  void require(String roleArn, String session) {
    try {
      session(new Name(roleArn, session)).keys().resolveCredentials();
    } catch (StsException e) {
      throw new ObjectStoreException(
          S3Failures.kind(e),
          "sts:AssumeRole on %s was refused with %s. %s"
              .formatted(roleArn, S3Failures.said(e), WHAT_TO_DO),
          e);
    } catch (SdkException e) {
      throw S3Failures.translate("assume the role " + roleArn, e);
    }
  }

  private Session session(Name name) {
    synchronized (sessions) {
      return sessions.computeIfAbsent(name, this::open);
    }
  }

  private Session open(Name name) {
    StsAssumeRoleCredentialsProvider keys =
        StsAssumeRoleCredentialsProvider.builder()
            .stsClient(sts)
            .refreshRequest(
                request -> request.roleArn(name.roleArn()).roleSessionName(name.session()))
            .build();
    return new Session(keys, connect.with(keys));
  }

  @Override
  public void close() {
    synchronized (sessions) {
      sessions
          .values()
          .forEach(
              session -> {
                session.client().close();
                session.keys().close();
              });
    }
    sts.close();
  }
}
