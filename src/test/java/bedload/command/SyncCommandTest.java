package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bedload.ExitCode;
import bedload.RunningService;
import bedload.ServiceClients;
import bedload.Settings;
import bedload.SettingsReader;
import bedload.Wiring;
import bedload.collect.FakeSqs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import tools.jackson.databind.json.JsonMapper;

/** A whole service that collects another one over the wire, as if that were AWS. */
@Tag("slow")
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class SyncCommandTest {
  private static final String CREDENTIALS_FILE = "aws.sharedCredentialsFile";
  private static final String STATUS =
      """
      select region, calls > 0 as called, error is null as well, last_success_at is not null as fresh
        from catalog.sources
       where kind = 'collected'
       order by region
      """;

  private static Path otherData;
  private static Path data;
  private static Wiring other;
  private static Wiring wiring;
  private static FakeSqs sqs;

  @BeforeAll
  static void start() throws IOException {
    otherData = TemporaryFolder.create("bedload-other-");
    other = Wiring.start(settings(otherData, null));
    for (String region : new String[] {"us-east-1", "eu-west-1"}) {
      createJob(region);
    }
    data = TemporaryFolder.create("bedload-collecting-");
    sqs = new FakeSqs();
    RunningService there = other.service();
    Path keys =
        Files.writeString(
            data.resolve("keys"),
            """
            [other]
            aws_access_key_id = %s
            aws_secret_access_key = %s
            """
                .formatted(there.accessKeyId(), there.secretAccessKey()));
    System.setProperty(CREDENTIALS_FILE, keys.toString());
    Path config =
        Files.writeString(
            data.resolve("bedload.yaml"),
            """
            sources:
              - account: "000000000000"
                regions: [us-east-1, eu-west-1]
                profile: other
                endpoint: %s
                every-seconds: 3600
                calls-per-second: 100
                events-queue: %s
              - account: "000000000000"
                regions: [ap-south-1]
                profile: other
                endpoint: http://127.0.0.1:1
                every-seconds: 3600
              - account: "111122223333"
                regions: [us-east-1]
                profile: other
                endpoint: http://127.0.0.1:1
                readers: ["222222222222"]
            """
                .formatted(there.api(), sqs.url()));
    wiring = Wiring.start(settings(data, config));
  }

  @AfterAll
  static void stop() {
    System.clearProperty(CREDENTIALS_FILE);
    wiring.close();
    sqs.close();
    other.close();
    TemporaryFolder.remove(data);
    TemporaryFolder.remove(otherData);
  }

  private static Settings settings(Path data, @Nullable Path config) {
    return SettingsReader.read(
        config,
        Map.of(),
        Map.of("data", data.toString(), "listen", "127.0.0.1:0", "s3.listen", "127.0.0.1:0"));
  }

  /** Creates a job that will soon fail, because its input is not there. */
  private static String createJob(String region) {
    RunningService there = other.service();
    try (BedrockClient client = ServiceClients.bedrock(there, region)) {
      return client
          .createModelInvocationJob(
              request ->
                  request
                      .jobName("from-" + region)
                      .modelId("amazon.titan-embed-text-v2:0")
                      .roleArn("arn:aws:iam::000000000000:role/any")
                      .inputDataConfig(in -> in.s3InputDataConfig(s3 -> s3.s3Uri("s3://none/in")))
                      .outputDataConfig(
                          out -> out.s3OutputDataConfig(s3 -> s3.s3Uri("s3://none/out"))))
          .jobArn();
    }
  }

  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome run(String... args) {
    CommandLine line = RootCommand.commandLine(System.nanoTime());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] all = Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--data";
    all[args.length + 1] = data.toString();
    return new Outcome(line.execute(all), out.toString(), err.toString());
  }

  @Test
  void regionThatIsDownIsToldInItsOwnRowAndLeavesTheOthersFresh() {
    Outcome sync = run("sync");

    assertThat(sync.exitCode()).as(sync.toString()).isEqualTo(ExitCode.NO.number());
    assertThat(sync.err())
        .contains("3 of 3:", "000000000000 in ap-south-1, List", "Connection refused")
        .doesNotContain("111122223333");
    assertThat(sync.out()).contains("us-east-1", "eu-west-1", "ap-south-1", "(3 rows)");
    assertThat(run("sql", "--format", "csv", STATUS).out().lines().skip(1))
        .containsExactly(
            "ap-south-1,true,false,false", "eu-west-1,true,true,true", "us-east-1,true,true,true");
    assertThat(
            run(
                    "sql",
                    "--format",
                    "csv",
                    "select distinct job_name, region, source from aws_bedrock_model_invocation_job_provenance order by region")
                .out()
                .lines()
                .skip(1))
        .containsExactly(
            "from-eu-west-1,eu-west-1," + other.service().api(),
            "from-us-east-1,us-east-1," + other.service().api());
  }

  @Test
  void modelsThatTheOtherServesAreRowsOfATableThatIsAFileAndNothingElse() {
    run("sync", "--region", "us-east-1");

    assertThat(
            run(
                    "sql",
                    "--format",
                    "csv",
                    "select model_id, output_modalities, (model_lifecycle).status from aws_bedrock_foundation_model where model_arn like '%:us-east-1:%'")
                .out())
        .contains("amazon.titan-embed-text-v2:0", "EMBEDDING", "ACTIVE");
  }

  @Test
  void newJobIsThereAfterASyncOfItsRegionAlone() {
    String arn = createJob("us-east-1");

    Outcome sync = run("sync", "--account", "000000000000", "--region", "us-east-1", "--json");

    assertThat(sync.exitCode()).as(sync.toString()).isEqualTo(ExitCode.OK.number());
    assertThat(sync.out())
        .containsOnlyOnce("\"account_id\":\"000000000000\"")
        .contains("\"region\":\"us-east-1\"")
        .doesNotContain("\"error\"");
    assertThat(run("sql", "select job_arn from aws_bedrock_model_invocation_job").out())
        .contains(arn);
  }

  /** The event as AWS documents it; its times are in a form that nothing else has. */
  private static Map<String, Object> event(String arn, String account) {
    return Map.of(
        "version", "0",
        "id", "a03f9d8c-0000-0000-0000-000000000000",
        "detail-type", "Batch Inference Job State Change",
        "source", "aws.bedrock",
        "account", account,
        "time", "Wed Aug 28 22:58:30 UTC 2024",
        "region", "us-east-1",
        "resources", List.of(arn),
        "detail",
            Map.of(
                "version", "0.0",
                "accountId", account,
                "batchJobName", "job",
                "batchJobArn", arn,
                "status", "Completed",
                "failureMessage", "",
                "creationTime", "Aug 28, 2024, 10:47:53 PM"));
  }

  @Test
  void announcedJobIsThereWithoutASync() {
    String arn = createJob("us-east-1");
    try (BatchClient service = BatchClient.of(wiring.service())) {
      assertThat(
              service
                  .ask(CatalogCalls.post("/v1/events/aws", event(arn, "000000000000")))
                  .toString())
          .isEqualTo("{\"accepted\":1,\"ignored\":0}");
      assertThat(
              service
                  .ask(CatalogCalls.post("/v1/events/aws", event(arn, "111122223333")))
                  .toString())
          .as("of a source that is another's to see")
          .isEqualTo("{\"accepted\":0,\"ignored\":1}");
      assertThat(
              service
                  .ask(CatalogCalls.post("/v1/events/aws", Map.of("source", "aws.ec2")))
                  .toString())
          .isEqualTo("{\"accepted\":0,\"ignored\":1}");
    }

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(run("sql", "select job_arn from aws_bedrock_model_invocation_job").out())
                    .contains(arn));
  }

  @Test
  void jobThatAQueueAnnouncesIsThereWithoutASync() {
    String arn = createJob("us-east-1");

    sqs.send(JsonMapper.shared().writeValueAsString(event(arn, "000000000000")));

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(run("sql", "select job_arn from aws_bedrock_model_invocation_job").out())
                    .contains(arn));
    await().atMost(Duration.ofSeconds(5)).until(() -> sqs.size() == 0);
  }

  @Test
  void sourceThatIsNotThereOrAnothersToSeeIsRefusedInASentence() {
    for (String account : new String[] {"999999999999", "111122223333"}) {
      Outcome sync = run("sync", "--account", account);
      assertThat(sync.exitCode()).isEqualTo(ExitCode.NO.number());
      assertThat(sync.err()).contains("There is no source of account " + account);
    }
  }

  @Test
  void ownJobsAreASourceThatIsFreshForItsAccountAlone() {
    assertThat(
            run(
                    "sql",
                    "--format",
                    "csv",
                    """
                    select account_id, region, origin, error is null as well,
                           last_success_at > now() - interval '10 seconds' as fresh
                      from catalog.sources
                     where kind = 'own'
                    """)
                .out()
                .lines()
                .skip(1))
        .containsExactly("000000000000,us-east-1,bedload,true,true");
  }

  @Test
  void policyOfACollectorIsWhatTheSchemaFilesNeed() {
    Outcome policy = run("sync", "--policy");

    assertThat(policy.exitCode()).isZero();
    assertThat(policy.out())
        .contains(
            "\"2012-10-17\"",
            "bedrock:ListModelInvocationJobs",
            "bedrock:GetModelInvocationJob",
            "bedrock:ListTagsForResource")
        .doesNotContain("bedrock:*", "Delete", "Create");
  }

  @Test
  void policyNamesTheQueueOfTheSettingsAndNoRoleIsSaidToBeNone() {
    String config = data.resolve("bedload.yaml").toString();

    assertThat(run("sync", "--policy", "--config", config).out())
        .contains("sqs:ReceiveMessage", "sqs:DeleteMessage", "\"arn:aws:sqs:us-east-1:");
    Outcome service = run("sync", "--policy=service", "--config", config);
    assertThat(service.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(service.err()).contains("No source of the settings has a role-arn");
  }
}
