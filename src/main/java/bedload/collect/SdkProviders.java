package bedload.collect;

import bedload.catalog.EventForm;
import bedload.catalog.ResourceEvents;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Makes what asks AWS, with its SDK: a provider of each source, and listeners. Thread-safe. */
public final class SdkProviders implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
  private static final String SESSION_NAME = "bedload";

  private final SdkHttpClient http =
      UrlConnectionHttpClient.builder()
          .connectionTimeout(CONNECT_TIMEOUT)
          .socketTimeout(ANSWER_TIMEOUT)
          .build();

  /** Returns a provider that asks with the source's credentials; close it. */
  Provider of(Source source) {
    Region region = Region.of(source.region());
    Credentials credentials = credentials(source.access(), region);
    return new SdkProvider(
        type -> client(type, source, region, credentials.provider()), credentials.onClose());
  }

  /** Returns a listener to a queue, with the queue's credentials; close it. */
  public QueueListener listener(EventsQueue queue, EventForm form, ResourceEvents events) {
    Region region = Region.of(queue.region());
    Credentials credentials = credentials(queue.access(), region);
    SqsClient client =
        SqsClient.builder()
            .region(region)
            .credentialsProvider(credentials.provider())
            .endpointOverride(queue.endpoint())
            .httpClient(http)
            .build();
    return new QueueListener(
        queue,
        client,
        form,
        events,
        () -> {
          client.close();
          credentials.onClose().run();
        });
  }

  private SdkClient client(
      Class<?> type, Source source, Region region, AwsCredentialsProvider credentials) {
    try {
      AwsClientBuilder<?, ?> builder =
          (AwsClientBuilder<?, ?>) type.getMethod("builder").invoke(null);
      builder.region(region).credentialsProvider(credentials);
      ((AwsSyncClientBuilder<?, ?>) builder).httpClient(http);
      // Calls are tried again by whoever keeps the source's pace, or its limit would be none.
      builder.overrideConfiguration(
          settings ->
              settings
                  .retryStrategy(AwsRetryStrategy.doNotRetry())
                  .addExecutionInterceptor(new JsonAnswer.Taker()));
      if (source.endpoint() != null) {
        builder.endpointOverride(source.endpoint());
      }
      return (SdkClient) builder.build();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Credentials(AwsCredentialsProvider provider, Runnable onClose) {}

  private Credentials credentials(SourceAccess access, Region region) {
    return switch (access) {
      case SourceAccess.Environment _ -> closed(DefaultCredentialsProvider.builder().build());
      case SourceAccess.Profile(String name) -> closed(ProfileCredentialsProvider.create(name));
      case SourceAccess.Role role -> {
        StsClient sts = StsClient.builder().region(region).httpClient(http).build();
        StsAssumeRoleCredentialsProvider assumed =
            StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(
                    request ->
                        request
                            .roleArn(role.arn())
                            .roleSessionName(SESSION_NAME)
                            .externalId(role.externalId()))
                .build();
        yield new Credentials(
            assumed,
            () -> {
              assumed.close();
              sts.close();
            });
      }
    };
  }

  private static <C extends AwsCredentialsProvider & SdkAutoCloseable> Credentials closed(
      C provider) {
    return new Credentials(provider, provider::close);
  }

  @Override
  public void close() {
    http.close();
  }
}
