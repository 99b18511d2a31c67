package bedload.web;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.RunningService;
import bedload.ServiceClients;
import bedload.SettingsReader;
import bedload.Wiring;
import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.JobStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Every screen and action in a real browser, narrow and wide, light and dark, over fifty jobs of
 * all statuses; axe-core judges each screen. The screenshots are in {@code target/screenshots}.
 */
@Tag("slow")
class BrowserTest {
  @TempDir private Path data;

  @TestFactory
  Stream<DynamicTest> everyScreenAndActionInABrowser() throws Exception {
    Path pictures = Path.of("target", "screenshots").toAbsolutePath();
    Files.createDirectories(pictures);
    try (Database database = TestDatabase.create()) {
      AtomicReference<Wiring> wiring =
          new AtomicReference<>(start(database, "127.0.0.1:0", "127.0.0.1:0"));
      try {
        RunningService service = wiring.get().service();
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("url", service.api());
        plan.put("pictures", pictures.toString());
        plan.put("real", realJob(service));
        Map<JobStatus, String> ids =
            FiftyJobs.writeTo(database.jdbi(), service.account(), Instant.now());
        ids.forEach((status, id) -> plan.put(status.wireName(), id));
        awaitCatalog(database);
        plan.put("links", List.of(link(service), link(service)));
        String api = service.api().substring("http://".length());
        String s3 = service.s3().substring("http://".length());
        List<BrowserDrive.Fact> facts =
            BrowserDrive.run(
                "drive.mjs",
                plan,
                wish -> {
                  switch (wish) {
                    case "stop" -> wiring.get().close();
                    case "start" -> wiring.set(start(database, api, s3));
                    default -> throw new IllegalArgumentException(wish);
                  }
                });
        assertThat(facts).hasSizeGreaterThan(60);
        return facts.stream()
            .map(
                fact ->
                    DynamicTest.dynamicTest(
                        fact.name(),
                        () ->
                            assertThat(fact.holds())
                                .as("%s: %s", fact.name(), fact.detail())
                                .isTrue()));
      } finally {
        wiring.get().close();
      }
    }
  }

  /** Two sources that cannot be reached: what they show is trouble. */
  private static final String SETTINGS =
      """
      sources:
        - account: "111122223333"
          regions: [us-east-1, eu-west-1]
          endpoint: http://127.0.0.1:9
      """;

  private Wiring start(Database database, String listen, String s3) throws IOException {
    Path settings = data.resolve("settings.yaml");
    Files.writeString(settings, SETTINGS);
    return Wiring.start(
        SettingsReader.read(
            settings,
            Map.of(),
            Map.of(
                "data",
                data.toString(),
                "listen",
                listen,
                "s3.listen",
                s3,
                // Nothing that waits among the fifty shall begin.
                "queue.per-account",
                1,
                "database.url",
                database.address().url())));
  }

  private static String link(RunningService service) {
    return LoginLinks.make(
        service.api(), service.account(), service.secretAccessKey(), Instant.now(), new Random());
  }

  private static void awaitCatalog(Database database) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                database
                    .jdbi()
                    .withHandle(
                        handle ->
                            handle
                                .createQuery(
                                    "select count(*) from ledger.job_event where not collected")
                                .mapTo(Long.class)
                                .one()),
            waiting -> waiting == 0);
  }

  /** Runs a job of which one record in ten fails, and returns its id. */
  private static String realJob(RunningService service) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append(
          i % 10 == 3
              ? "{\"recordId\":\"bad-%d\",\"modelInput\":{\"inputText\":\"x\",\"dimensions\":1024}}\n"
                  .formatted(i)
              : "{\"recordId\":\"good-%d\",\"modelInput\":{\"inputText\":\"sentence %d\"}}\n"
                  .formatted(i, i));
    }
    try (S3Client s3 = ServiceClients.s3(service);
        BedrockClient bedrock = ServiceClients.bedrock(service)) {
      s3.createBucket(request -> request.bucket("browser"));
      s3.putObject(
          request -> request.bucket("browser").key("in.jsonl"),
          RequestBody.fromString(lines.toString()));
      String arn =
          bedrock
              .createModelInvocationJob(
                  request ->
                      request
                          .jobName("a-real-job")
                          .modelId("amazon.titan-embed-text-v2:0")
                          .roleArn("arn:aws:iam::000000000000:role/any")
                          .inputDataConfig(
                              in -> in.s3InputDataConfig(at -> at.s3Uri("s3://browser/in.jsonl")))
                          .outputDataConfig(
                              out -> out.s3OutputDataConfig(at -> at.s3Uri("s3://browser/out/"))))
              .jobArn();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  bedrock
                      .getModelInvocationJob(request -> request.jobIdentifier(arn))
                      .statusAsString(),
              "Completed"::equals);
      return arn.substring(arn.lastIndexOf('/') + 1);
    }
  }
}
