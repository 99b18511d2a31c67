package bedload.collect;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.collect.ProviderReply.Answer;
import bedload.collect.ProviderReply.Refused;
import bedload.collect.ProviderReply.Unavailable;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.regions.Region;

/** What becomes of the answers of a server, in each form that it may give them. */
class JsonAnswerTest {
  private static final String JOBS = "ListModelInvocationJobs";

  /** Asks a server that answers every request so. */
  private static ProviderReply reply(
      String service, String operation, int status, String type, int length, String body)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", type);
          exchange.sendResponseHeaders(status, length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (SdkProvider provider = new SdkProvider(client -> client(client, url), () -> {})) {
      return provider.call(service, operation, Map.of());
    } finally {
      server.stop(0);
    }
  }

  private static ProviderReply reply(int status, String type, String body) throws IOException {
    return reply("bedrock", JOBS, status, type, body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  private static SdkClient client(Class<?> type, URI url) {
    try {
      AwsClientBuilder<?, ?> builder =
          (AwsClientBuilder<?, ?>) type.getMethod("builder").invoke(null);
      builder
          .region(Region.US_EAST_1)
          .credentialsProvider(AnonymousCredentialsProvider.create())
          .endpointOverride(url)
          .overrideConfiguration(
              settings ->
                  settings
                      .retryStrategy(AwsRetryStrategy.doNotRetry())
                      .addExecutionInterceptor(new JsonAnswer.Taker()));
      return (SdkClient) builder.build();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @Test
  void jsonIsTakenAsItCame() throws IOException {
    Map<String, @Nullable Object> job = new HashMap<>();
    job.put("jobArn", "a");
    job.put("submitTime", "2026-03-01T12:00:00Z");
    job.put("timeoutDurationInHours", 24);
    job.put("message", null);
    job.put("newMember", Map.of("x", List.of(true, 1.5)));
    assertThat(
            reply(
                200,
                "application/json",
                """
                {"invocationJobSummaries":[{"jobArn":"a","submitTime":"2026-03-01T12:00:00Z",
                 "timeoutDurationInHours":24,"message":null,"newMember":{"x":[true,1.5]}}],"nextToken":"t"}
                """))
        .isInstanceOfSatisfying(
            Answer.class,
            answer ->
                assertThat(answer.document())
                    .isEqualTo(Map.of("invocationJobSummaries", List.of(job), "nextToken", "t")));
  }

  /** A service of the SDK may speak XML: then its model says what is a number, a time or a list. */
  @Test
  void anAnswerInXmlIsReadByTheSdk() throws IOException {
    String body =
        """
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult>
        </GetCallerIdentityResponse>
        """;
    assertThat(reply("sts", "GetCallerIdentity", 200, "text/xml", body.length(), body))
        .isEqualTo(new Answer(Map.of("Account", "111122223333")));
  }

  @Test
  void anAnswerThatIsNoJsonMayBeOneAtAnotherTime() throws IOException {
    assertThat(reply(200, "application/json", "{\"invocationJobSummaries\":[{\"jobArn\":"))
        .isInstanceOfSatisfying(
            Unavailable.class,
            trouble -> assertThat(trouble.sentence()).startsWith("the answer is no JSON: "));
  }

  @Test
  void anAnswerThatBreaksOffMayBeWholeAtAnotherTime() throws IOException {
    assertThat(reply("bedrock", JOBS, 200, "application/json", 1_000, "{}"))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void whatIsRefusedIsToldInTheSdksWords() throws IOException {
    assertThat(
            reply(
                400,
                "application/json",
                "{\"__type\":\"ValidationException\",\"message\":\"no such thing\"}"))
        .isEqualTo(new Refused("ValidationException", "ValidationException: no such thing"));
  }
}
