package bedload.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.AccountId;
import bedload.job.Arns;
import bedload.job.JobId;
import bedload.wire.AccessKey;
import bedload.wire.RawHttp;
import bedload.wire.Signed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrock.model.ConflictException;
import software.amazon.awssdk.services.bedrock.model.CreateModelInvocationJobRequest;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationJobResponse;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsRequest;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsResponse;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobInputDataConfig;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobOutputDataConfig;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobStatus;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobSummary;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.S3InputFormat;
import software.amazon.awssdk.services.bedrock.model.SortOrder;
import software.amazon.awssdk.services.bedrock.model.Tag;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/** The AWS SDK for Java against the operations, over a socket. */
class JobOperationsTest {
  private static final Instant START = Instant.parse("2026-03-03T22:57:41.101Z");

  private static TestService service;

  private AccessKey key;
  private BedrockClient client;

  @BeforeAll
  static void startService() {
    service = new TestService();
  }

  @AfterAll
  static void stopService() {
    service.close();
  }

  @BeforeEach
  void start() {
    service.clock.set(START);
    key = TestService.newKey();
    client = service.client(key);
  }

  @AfterEach
  void stop() {
    client.close();
  }

  private String role() {
    return "arn:aws:iam::" + key.account() + ":role/batch";
  }

  private String create(Consumer<CreateModelInvocationJobRequest.Builder> changes) {
    CreateModelInvocationJobRequest.Builder request =
        CreateModelInvocationJobRequest.builder()
            .jobName("job")
            .roleArn(role())
            .modelId(TestService.MODEL)
            .inputDataConfig(input("s3://bkt-in/x.jsonl"))
            .outputDataConfig(output("s3://bkt-out/p/"));
    changes.accept(request);
    return client.createModelInvocationJob(request.build()).jobArn();
  }

  private static ModelInvocationJobInputDataConfig input(String uri) {
    return ModelInvocationJobInputDataConfig.fromS3InputDataConfig(s3 -> s3.s3Uri(uri));
  }

  private static ModelInvocationJobOutputDataConfig output(String uri) {
    return ModelInvocationJobOutputDataConfig.fromS3OutputDataConfig(s3 -> s3.s3Uri(uri));
  }

  private GetModelInvocationJobResponse get(String identifier) {
    return client.getModelInvocationJob(request -> request.jobIdentifier(identifier));
  }

  private List<String> names(Consumer<ListModelInvocationJobsRequest.Builder> filters) {
    return client.listModelInvocationJobs(filters).invocationJobSummaries().stream()
        .map(ModelInvocationJobSummary::jobName)
        .toList();
  }

  private static JobId id(String arn) {
    return Arns.parseJob(arn).orElseThrow().id();
  }

  @Test
  void createdJobIsFoundAtOnceWithAllThatAwsFillsIn() {
    String arn = create(job -> job.clientRequestToken("token-1"));

    GetModelInvocationJobResponse job = get(arn);

    Instant submitted = service.clock.instant();
    assertThat(arn)
        .matches(
            "arn:aws:bedrock:us-east-1:" + key.account() + ":model-invocation-job/[a-z0-9]{12}");
    assertThat(job.jobArn()).isEqualTo(arn);
    assertThat(job.status()).isEqualTo(ModelInvocationJobStatus.SUBMITTED);
    assertThat(job.modelId())
        .isEqualTo("arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0");
    assertThat(job.clientRequestToken()).isEqualTo("token-1");
    assertThat(job.timeoutDurationInHours()).isEqualTo(24);
    assertThat(job.submitTime()).isEqualTo(submitted);
    assertThat(job.jobExpirationTime()).isEqualTo(submitted.plus(Duration.ofHours(24)));
    assertThat(job.inputDataConfig().s3InputDataConfig().s3BucketOwner()).isEqualTo(key.account());
    assertThat(job.inputDataConfig().s3InputDataConfig().s3InputFormat()).isNull();
    assertThat(job.outputDataConfig().s3OutputDataConfig().s3BucketOwner())
        .isEqualTo(key.account());
    assertThat(job.message()).isNull();
    assertThat(job.endTime()).isNull();
    assertThat(job.vpcConfig()).isNull();
  }

  @Test
  void whatWasSentIsEchoed() {
    String arn =
        create(
            job ->
                job.modelId("us.anthropic.claude-sonnet-4-5-20250929-v1:0")
                    .timeoutDurationInHours(168)
                    .inputDataConfig(
                        ModelInvocationJobInputDataConfig.fromS3InputDataConfig(
                            s3 ->
                                s3.s3Uri("s3://bkt-in/folder/")
                                    .s3InputFormat(S3InputFormat.JSONL)
                                    .s3BucketOwner("210987654321")))
                    .outputDataConfig(
                        ModelInvocationJobOutputDataConfig.fromS3OutputDataConfig(
                            s3 ->
                                s3.s3Uri("s3://bkt-out/p/")
                                    .s3EncryptionKeyId("alias/my-key")
                                    .s3BucketOwner("210987654321")))
                    .vpcConfig(vpc -> vpc.subnetIds("subnet-1").securityGroupIds("sg-1", "sg-2"))
                    .tags(Tag.builder().key("team").value("search").build()));

    GetModelInvocationJobResponse job = get(arn);

    assertThat(job.modelId())
        .isEqualTo(
            "arn:aws:bedrock:us-east-1:"
                + key.account()
                + ":inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0");
    assertThat(job.timeoutDurationInHours()).isEqualTo(168);
    assertThat(job.inputDataConfig().s3InputDataConfig().s3Uri()).isEqualTo("s3://bkt-in/folder/");
    assertThat(job.inputDataConfig().s3InputDataConfig().s3InputFormat())
        .isEqualTo(S3InputFormat.JSONL);
    assertThat(job.inputDataConfig().s3InputDataConfig().s3BucketOwner()).isEqualTo("210987654321");
    assertThat(job.outputDataConfig().s3OutputDataConfig().s3EncryptionKeyId())
        .isEqualTo("alias/my-key");
    assertThat(job.vpcConfig().subnetIds()).containsExactly("subnet-1");
    assertThat(job.vpcConfig().securityGroupIds()).containsExactly("sg-1", "sg-2");
    assertThat(service.ledger.find(new AccountId(key.account()), TestService.REGION, id(arn)))
        .hasValueSatisfying(
            found -> assertThat(found.spec().tags()).containsEntry("team", "search"));
  }

  @Test
  void jobIsFoundByItsBareIdToo() {
    String arn = create(_ -> {});

    assertThat(get(id(arn).value()).jobArn()).isEqualTo(arn);
  }

  @Test
  void answerIsWrittenAsAwsWritesIt() {
    String arn = create(_ -> {});

    RawHttp.Reply reply =
        new Signed(key, service.port()).send("GET", "/model-invocation-job/" + arn, "");

    assertThat(reply.body())
        .contains("\"submitTime\":\"2026-03-03T22:57:41.101Z\"")
        .contains("\"jobExpirationTime\":\"2026-03-04T22:57:41.101Z\"")
        .contains("\"modelInvocationType\":\"InvokeModel\"")
        .contains("\"totalRecordCount\":0,\"processedRecordCount\":0")
        .contains("\"successRecordCount\":0,\"errorRecordCount\":0")
        .doesNotContain("null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my-job",
        "ABCDEFGHIJKL",
        "arn:aws:bedrock:us-east-1:12345:model-invocation-job/abcdefghijkl",
        "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Amodel-invocation-job%2Fabcdefghijkl"
      })
  void identifierOfAnotherFormIsInvalid(String identifier) {
    assertThatThrownBy(() -> get(identifier))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("The provided ARN is invalid");
    assertThatThrownBy(
            () -> client.stopModelInvocationJob(request -> request.jobIdentifier(identifier)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("The provided ARN is invalid");
  }

  @Test
  void jobOfAnotherAccountOrRegionIsAsIfItWereNot() {
    String arn = create(_ -> {});

    try (BedrockClient other = service.client(TestService.newKey());
        BedrockClient elsewhere = service.client(key, "eu-west-1")) {
      for (BedrockClient stranger : List.of(other, elsewhere)) {
        for (String identifier : List.of(arn, id(arn).value())) {
          assertThatThrownBy(
                  () -> stranger.getModelInvocationJob(get -> get.jobIdentifier(identifier)))
              .isInstanceOf(ResourceNotFoundException.class);
          assertThatThrownBy(
                  () -> stranger.stopModelInvocationJob(stop -> stop.jobIdentifier(identifier)))
              .isInstanceOf(ResourceNotFoundException.class);
        }
        assertThat(stranger.listModelInvocationJobs(_ -> {}).invocationJobSummaries()).isEmpty();
      }
    }
    assertThat(get(arn).status()).isEqualTo(ModelInvocationJobStatus.SUBMITTED);
  }

  @Test
  void sameTokenGivesTheSameJobAndNeverAnother() {
    String arn = create(job -> job.clientRequestToken("token-1"));

    assertThat(create(job -> job.clientRequestToken("token-1"))).isEqualTo(arn);
    assertThatThrownBy(
            () -> create(job -> job.clientRequestToken("token-1").timeoutDurationInHours(25)))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(arn);
    assertThat(names(_ -> {})).hasSize(1);
  }

  @Test
  void nameOfAJobThatHasNotEndedIsTaken() {
    String arn = create(_ -> {});

    assertThatThrownBy(() -> create(_ -> {}))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("The provided job name is currently in use")
        .hasMessageContaining(arn);

    service.steps.fail(id(arn), "no such bucket");
    assertThat(create(_ -> {})).isNotEqualTo(arn);
  }

  @Test
  void roleOfAnotherAccountIsNotPassed() {
    assertThatThrownBy(() -> create(job -> job.roleArn("arn:aws:iam::210987654321:role/batch")))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("Cross-account pass role is not allowed");
    assertThat(create(job -> job.roleArn("arn:aws:iam:::role/batch"))).isNotEmpty();
  }

  @Test
  void modelWithoutABackendIsNamedWithThoseThatHaveOne() {
    assertThatThrownBy(() -> create(job -> job.modelId("anthropic.claude-9-v1:0")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("'anthropic.claude-9-v1:0'")
        .hasMessageContaining(TestService.MODEL)
        .hasMessageContaining("qwen2.5:0.5b");
  }

  @Test
  void nameThatAwsWouldNotTakeIsTakenOnlyIfItIsConfigured() {
    assertThat(get(create(job -> job.modelId("qwen2.5:0.5b"))).modelId()).endsWith("/qwen2.5:0.5b");
    assertThatThrownBy(() -> create(job -> job.jobName("second").modelId("qwen2.5:7b")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("at 'modelId' failed to satisfy constraint");
  }

  @Test
  void allThatIsWrongWithARequestIsSaidAtOnce() {
    assertThatThrownBy(
            () ->
                create(
                    job ->
                        job.jobName("a_b")
                            .roleArn("R")
                            .timeoutDurationInHours(23)
                            .inputDataConfig(input("s3://bkt/dt=2026-01-01/a.jsonl"))
                            .outputDataConfig(output("/tmp"))
                            .tags(tags(51))))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("6 validation errors detected: ")
        .hasMessageContaining("at 'inputDataConfig.s3InputDataConfig.s3Uri'")
        .hasMessageContaining("at 'outputDataConfig.s3OutputDataConfig.s3Uri'")
        .hasMessageContaining("Member must have value greater than or equal to 24")
        .hasMessageContaining("at most 50 tags");
    assertThat(names(_ -> {})).isEmpty();
  }

  @Test
  void tagKeysAreUniqueAndNotAws() {
    Tag tag = Tag.builder().key("team").value("a").build();
    Tag reserved = Tag.builder().key("aws:team").value("a").build();

    assertThat(create(job -> job.tags(tags(50)))).isNotEmpty();
    assertThatThrownBy(() -> create(job -> job.jobName("second").tags(tag, tag, reserved)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("at 'tags.2.member.key'")
        .hasMessageContaining("at 'tags.3.member.key'");
  }

  private static List<Tag> tags(int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> Tag.builder().key("key-" + number).value("").build())
        .toList();
  }

  @Test
  void stopIsSeenAtOnceAndMayBeAskedForAgain() {
    String arn = create(_ -> {});

    client.stopModelInvocationJob(request -> request.jobIdentifier(arn));
    client.stopModelInvocationJob(request -> request.jobIdentifier(arn));

    assertThat(get(arn).status()).isEqualTo(ModelInvocationJobStatus.STOPPING);
  }

  @Test
  void jobThatHasEndedCannotBeStopped() {
    String arn = create(_ -> {});
    service.steps.fail(id(arn), "no such bucket");

    assertThatThrownBy(() -> client.stopModelInvocationJob(stop -> stop.jobIdentifier(arn)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("State was: Failed");
  }

  @Test
  void failedJobTellsWhyInAListToo() {
    String arn = create(job -> job.clientRequestToken("token-1"));
    service.steps.fail(id(arn), "no such bucket");

    ModelInvocationJobSummary summary =
        client.listModelInvocationJobs(_ -> {}).invocationJobSummaries().getFirst();

    assertThat(get(arn).message()).isEqualTo("no such bucket");
    assertThat(get(arn).endTime()).isNotNull();
    assertThat(summary.message()).isEqualTo("no such bucket");
    assertThat(summary.clientRequestToken()).isNull();
  }

  @Test
  void listIsNewestFirstUnlessAskedOtherwise() {
    createNumbered(3);

    assertThat(names(_ -> {})).containsExactly("job-3", "job-2", "job-1");
    assertThat(names(list -> list.sortOrder(SortOrder.ASCENDING)))
        .containsExactly("job-1", "job-2", "job-3");
  }

  @Test
  void pagesFollowOneAnotherThoughJobsComeAndGoBetween() {
    createNumbered(7);
    List<String> seen = new ArrayList<>();
    for (ListModelInvocationJobsResponse page :
        client.listModelInvocationJobsPaginator(list -> list.maxResults(3))) {
      assertThat(page.invocationJobSummaries()).hasSizeBetween(1, 3);
      page.invocationJobSummaries().forEach(job -> seen.add(job.jobName()));
      create(job -> job.jobName("later-" + seen.size()));
    }

    assertThat(seen).containsExactly("job-7", "job-6", "job-5", "job-4", "job-3", "job-2", "job-1");
  }

  @Test
  void lastPageThatIsFullHasNoToken() {
    createNumbered(2);

    assertThat(client.listModelInvocationJobs(list -> list.maxResults(2)).nextToken()).isNull();
    assertThat(client.listModelInvocationJobs(list -> list.maxResults(1)).nextToken()).isNotEmpty();
  }

  @Test
  void tokenIsGoodForItsOwnListOnly() {
    createNumbered(3);
    String token = client.listModelInvocationJobs(list -> list.maxResults(1)).nextToken();

    assertThat(names(list -> list.nextToken(token))).containsExactly("job-2", "job-1");
    assertBadToken(client, list -> list.nextToken(token).nameContains("job"));
    assertBadToken(client, list -> list.nextToken(token).sortOrder(SortOrder.ASCENDING));
    assertBadToken(client, list -> list.nextToken("Zm9yZ2Vk"));
    try (BedrockClient other = service.client(TestService.newKey())) {
      assertBadToken(other, list -> list.nextToken(token));
    }
  }

  private static void assertBadToken(
      BedrockClient client, Consumer<ListModelInvocationJobsRequest.Builder> request) {
    assertThatThrownBy(() -> client.listModelInvocationJobs(request))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("nextToken");
  }

  @Test
  void filtersNarrowTheList() {
    Instant first = service.clock.instant();
    createNumbered(3);
    create(job -> job.jobName("a.b+c"));
    client.stopModelInvocationJob(
        stop ->
            stop.jobIdentifier(
                client
                    .listModelInvocationJobs(_ -> {})
                    .invocationJobSummaries()
                    .getLast()
                    .jobArn()));

    assertThat(names(list -> list.nameContains("b+c"))).containsExactly("a.b+c");
    assertThat(names(list -> list.statusEquals(ModelInvocationJobStatus.STOPPING)))
        .containsExactly("job-1");
    assertThat(names(list -> list.submitTimeBefore(first.plusSeconds(1))))
        .containsExactly("job-2", "job-1");
    assertThat(names(list -> list.submitTimeAfter(first.plusSeconds(2))))
        .containsExactly("a.b+c", "job-3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-03-03T22:57:41Z",
        "2026-03-03T22:57:41.101000Z",
        "2026-03-03T22:57:41.100999999Z",
        "2026-03-03T23:57:41.1%2B01:00"
      })
  void timesAreReadInEveryPrecision(String time) {
    createNumbered(1);

    RawHttp.Reply reply =
        new Signed(key, service.port())
            .send("GET", "/model-invocation-jobs?submitTimeAfter=" + time, "");

    assertThat(reply.body()).contains("\"jobName\":\"job-1\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maxResults=0",
        "maxResults=1001",
        "maxResults=many",
        "submitTimeAfter=yesterday",
        "submitTimeAfter=%2B999999-01-01T00:00:00Z",
        "statusEquals=Running",
        "nameContains=a_b",
        "sortBy=Name",
        "sortOrder=Up",
        "nextToken="
      })
  void filterThatBreaksARuleIsNamed(String query) {
    RawHttp.Reply reply =
        new Signed(key, service.port()).send("GET", "/model-invocation-jobs?" + query, "");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.header("x-amzn-ErrorType")).isEqualTo("ValidationException");
    assertThat(reply.body())
        .contains("1 validation error detected: Value '")
        .contains("at '" + query.substring(0, query.indexOf('=')) + "'");
  }

  private void createNumbered(int count) {
    for (int number = 1; number <= count; number++) {
      String name = "job-" + number;
      create(job -> job.jobName(name));
      service.clock.advance(Duration.ofSeconds(1));
    }
  }
}
