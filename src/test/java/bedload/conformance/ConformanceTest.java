package bedload.conformance;

import bedload.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** AWS's own clients, unmodified, against a running service: the same scenarios for each. */
@Tag("slow")
class ConformanceTest {
  private static final Map<ClientKind, AwsClient> CLIENTS = new EnumMap<>(ClientKind.class);
  private static final Map<ClientKind, Integer> PASSED = new EnumMap<>(ClientKind.class);

  private static final AtomicInteger LAST_PREFIX = new AtomicInteger();

  @TempDir static Path folder;
  private static ServerSocket silence;
  private static ServiceProcess service;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    silence = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Path settings =
        Files.writeString(
            folder.resolve("bedload.yaml"),
            """
            models:
              - id: %s
                url: http://127.0.0.1:%d/v1
                family: openai-chat
              - id: %s
                backend: echo
              - id: us.acme.echo
                backend: echo
              - id: eu.acme.echo
                backend: echo
              - id: amazon.titan-embed-text-v2:0
                backend: in-process-embedding
            """
                .formatted(Stage.SILENT_MODEL, silence.getLocalPort(), Stage.ECHO_MODEL));
    service =
        ServiceProcess.start(
            folder.resolve("data"), folder.resolve("errors.log"), "--config", settings.toString());
    try (S3Client s3 = service.s3()) {
      s3.createBucket(bucket -> bucket.bucket("conformance"));
      s3.putObject(
          put -> put.bucket("conformance").key("in/records.jsonl"),
          RequestBody.fromString(
              """
              {"recordId": "1", "modelInput": {"messages": [{"role": "user", "content": "hello"}]}}
              """));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    CLIENTS.forEach(
        (kind, client) ->
            System.out.printf(
                "conformance: %s of %d scenarios with %s%n",
                PASSED.getOrDefault(kind, 0), Scenario.ALL.size(), client.version()));
    CLIENTS.values().forEach(AwsClient::close);
    // Jobs of the model that never answers may still run; nobody needs their orderly end.
    service.killTree();
    silence.close();
  }

  static Stream<Arguments> everyScenarioWithEveryClient() {
    return Stream.of(ClientKind.values())
        .flatMap(kind -> Scenario.ALL.stream().map(scenario -> Arguments.of(kind, scenario)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("everyScenarioWithEveryClient")
  void clientIsAtHome(ClientKind kind, Scenario scenario) throws IOException {
    AwsClient client = CLIENTS.get(kind);
    if (client == null) {
      client = kind.open(Endpoint.of(service.service()));
      CLIENTS.put(kind, client);
    }
    String prefix = kind.name().toLowerCase(Locale.ROOT) + LAST_PREFIX.incrementAndGet() + "-";

    scenario.story().play(new Stage(kind, client, service, prefix));

    PASSED.merge(kind, 1, Integer::sum);
  }
}
