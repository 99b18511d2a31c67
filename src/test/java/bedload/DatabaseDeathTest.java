package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.model.TestModelServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import tools.jackson.databind.json.JsonMapper;

/** The embedded database dies alone, in the middle of a job, and the service lives on. */
@Tag("slow")
class DatabaseDeathTest {
  private static final int RECORDS = 1_500;
  private static final int IN_FLIGHT = 20;
  private static final int DEATHS = 3;
  private static final int ANSWER_MILLIS = 250;

  /** The process has a minute and a half, its calls in flight included. */
  private static final Duration LONGEST_END = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Path serverLog;
  private TestModelServer server;
  private ServiceProcess service;

  @BeforeEach
  void start() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    serverLog = folder.resolve("calls.log");
    server =
        TestModelServer.start(_ -> new TestModelServer.Behaviour.Answer(ANSWER_MILLIS), serverLog);
    service =
        ServiceProcess.start(
            folder.resolve("data"),
            folder.resolve("errors.log"),
            "--config",
            ServiceProcess.settings(folder.resolve("bedload.yaml"), server.url(), IN_FLIGHT)
                .toString());
  }

  @AfterEach
  void stop() {
    service.close();
    server.close();
  }

  @Test
  void aServerThatIsKilledRunsAgainByItselfAndCostsNoCall() throws Exception {
    ChatJob job = ChatJob.submit(service, RECORDS);
    assertThat(questionedStatus()).isEqualTo(200);
    try (BedrockClient bedrock = service.bedrock()) {
      for (int death = 1; death <= DEATHS; death++) {
        awaitAnswered(RECORDS * death / (2 * DEATHS));

        assertThat(server.answered()).as("answers before a death").isLessThan(RECORDS);
        service.killPostmaster();
        final long began = System.nanoTime();

        // A call waits for it, and does not fail.
        assertThat(bedrock.listModelInvocationJobs(_ -> {}).invocationJobSummaries()).hasSize(1);
        System.out.printf(
            "death %d of the database: a call is answered after %d ms%n",
            death, Duration.ofNanos(System.nanoTime() - began).toMillis());
      }
    }
    job.awaitCompleted(service);

    assertThat(CallAudit.of(serverLog, job.output(service), 0, RECORDS))
        .isEqualTo(new CallAudit(0, 0, 0, 0, 0));
    assertThat(get("/readyz").body()).contains("\"ready\"");
    assertThat(questionedStatus()).isEqualTo(200);
    // The catalog's own loop is back, too.
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> question().body().contains("Completed"));
    assertThat(log())
        .contains("try 1 of 20", "The embedded PostgreSQL runs again")
        .doesNotContain("could not be started again");
    assertThat(service.terminate()).isZero();
  }

  @Test
  void aServerThatDoesNotStartAgainIsToldAndTheServiceEndsInOrder() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    assertThat(questionedStatus()).isEqualTo(200);
    Path configuration = folder.resolve("data/postgres/data/postgresql.conf");
    Files.writeString(configuration, "\nshared_bufers = 1GB\n", StandardOpenOption.APPEND);

    service.killPostmaster();

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get("/readyz").body().contains("has ended and is started again, try 3 of 20"));
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(questionedStatus()).isEqualTo(500);
    assertThat(log())
        .contains("Try 1 of 20 was in vain, the next comes in 1 s")
        .contains("unrecognized configuration parameter \"shared_bufers\"");
    long began = System.nanoTime();
    assertThat(service.terminate()).isZero();
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    System.out.println("ended in " + took.toMillis() + " ms without its database");
    assertThat(took).isLessThan(LONGEST_END);
  }

  private void awaitAnswered(int count) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> server.answered() >= count);
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("data/logs/bedload.log"));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(service.service().api() + path)).build());
  }

  private int questionedStatus() throws Exception {
    return question().statusCode();
  }

  /** Asks the catalog, which has connections of its own for each account. */
  private HttpResponse<String> question() throws Exception {
    String key =
        JsonMapper.shared()
            .readTree(folder.resolve("data/credentials.json").toFile())
            .at("/accounts/0/bearerKey")
            .asString();
    return send(
        HttpRequest.newBuilder(URI.create(service.service().api() + "/v1/query"))
            .header("Authorization", "Bearer " + key)
            .POST(
                BodyPublishers.ofString(
                    "{\"sql\": \"select status from aws_bedrock_model_invocation_job\"}"))
            .build());
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }
}
