package bedload.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bedload.job.Arns;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.TokenUsage;
import bedload.wire.AccessKey;
import bedload.wire.RawHttp;
import bedload.wire.Signed;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.CreateModelInvocationJobRequest;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.Tag;
import software.amazon.awssdk.services.bedrock.model.TooManyTagsException;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/** Tags of jobs, through the AWS SDK for Java. */
class TagOperationsTest {
  private static TestService service;

  private final AccessKey key = TestService.newKey();
  private BedrockClient client;

  @BeforeAll
  static void startService() {
    service = new TestService();
    service.clock.set(Instant.parse("2026-03-03T22:57:41.101Z"));
  }

  @AfterAll
  static void stopService() {
    service.close();
  }

  @BeforeEach
  void open() {
    client = service.client(key);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private CreateModelInvocationJobRequest request(String token, Tag... tags) {
    return CreateModelInvocationJobRequest.builder()
        .jobName("tagged")
        .clientRequestToken(token)
        .roleArn("arn:aws:iam::" + key.account() + ":role/batch")
        .modelId(TestService.MODEL)
        .inputDataConfig(in -> in.s3InputDataConfig(s3 -> s3.s3Uri("s3://bkt-in/x.jsonl")))
        .outputDataConfig(out -> out.s3OutputDataConfig(s3 -> s3.s3Uri("s3://bkt-out/p/")))
        .tags(tags)
        .build();
  }

  private String create(Tag... tags) {
    return client.createModelInvocationJob(request("token", tags)).jobArn();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static List<Tag> numbered(int from, int to) {
    return IntStream.range(from, to).mapToObj(number -> tag("key-" + number, "")).toList();
  }

  private List<Tag> tagsOf(String arn) {
    return client.listTagsForResource(list -> list.resourceARN(arn)).tags();
  }

  private void put(String arn, Tag... tags) {
    client.tagResource(request -> request.resourceARN(arn).tags(tags));
  }

  private static JobId id(String arn) {
    return Arns.parseJob(arn).orElseThrow().id();
  }

  @Test
  void tagsOfTheCreateAreListedInTheirOrder() {
    assertThat(tagsOf(create(tag("z:a", "1"), tag("a", "x:y"))))
        .containsExactly(tag("z:a", "1"), tag("a", "x:y"));
    assertThat(
            tagsOf(
                client
                    .createModelInvocationJob(
                        request("other").toBuilder().jobName("untagged").build())
                    .jobArn()))
        .isEmpty();
  }

  @Test
  void taggingAddsKeysAndReplacesValues() {
    String arn = create(tag("team", "search"), tag("stage", "test"));

    put(arn, tag("stage", "live"), tag("owner", "ann"));

    assertThat(tagsOf(arn))
        .containsExactly(tag("team", "search"), tag("stage", "live"), tag("owner", "ann"));
  }

  @Test
  void untaggingTakesWhatIsThereAndIgnoresTheRest() {
    String arn = create(tag("team", "search"), tag("stage", "test"));

    client.untagResource(request -> request.resourceARN(arn).tagKeys("team", "never-there"));

    assertThat(tagsOf(arn)).containsExactly(tag("stage", "test"));
  }

  @Test
  void fiftyTagsFitAndTheNextIsRefusedWithTheNameOfTheResource() {
    String arn = create();
    client.tagResource(request -> request.resourceARN(arn).tags(numbered(0, 50)));
    put(arn, tag("key-7", "replaced"));

    TooManyTagsException fault =
        catchThrowableOfType(
            TooManyTagsException.class, () -> put(arn, tag("key-8", "too"), tag("one", "more")));

    assertThat(fault.resourceName()).isEqualTo(arn);
    assertThat(fault).hasMessageContaining("51 tags, it may have 50");
    assertThat(tagsOf(arn))
        .hasSize(50)
        .contains(tag("key-7", "replaced"))
        .contains(tag("key-8", ""));
  }

  @Test
  void tagsAreReadAndChangedInEveryStatusAndAfterTheEnd() {
    String arn = create(tag("team", "search"));

    client.stopModelInvocationJob(stop -> stop.jobIdentifier(arn));
    put(arn, tag("status", "stopping"));
    assertThat(tagsOf(arn)).contains(tag("status", "stopping"));
    end(arn);
    put(arn, tag("status", "stopped"));

    assertThat(tagsOf(arn)).containsExactly(tag("team", "search"), tag("status", "stopped"));
  }

  private static void end(String arn) {
    Job stopping = service.steps.find(id(arn)).orElseThrow();
    service.steps.end(
        id(arn), stopping.status(), JobStatus.STOPPED, stopping.counts(), TokenUsage.UNKNOWN);
  }

  @Test
  void aRepeatedCreateIsComparedWithTheTagsThatWereAskedFor() {
    String arn = create(tag("team", "search"));
    put(arn, tag("team", "other"), tag("stage", "live"));

    assertThat(create(tag("team", "search"))).isEqualTo(arn);
    assertThatThrownBy(() -> create(tag("team", "other"), tag("stage", "live")))
        .hasMessageContaining("clientRequestToken");
    assertThat(tagsOf(arn)).containsExactly(tag("team", "other"), tag("stage", "live"));
  }

  @Test
  void resourceOfAnotherAccountOrRegionOrKindIsNotFound() {
    String arn = create(tag("team", "search"));
    String unknown = arn.replace(id(arn).value(), "000000000000");
    String model =
        "arn:aws:bedrock:us-east-1:%s:provisioned-model/abcdefghijkl".formatted(key.account());

    try (BedrockClient other = service.client(TestService.newKey());
        BedrockClient elsewhere = service.client(key, "eu-west-1")) {
      assertNotFound(other, arn);
      assertNotFound(elsewhere, arn);
    }
    assertNotFound(client, unknown);
    assertNotFound(client, model);
    assertThat(tagsOf(arn)).containsExactly(tag("team", "search"));
  }

  private static void assertNotFound(BedrockClient client, String arn) {
    assertThatThrownBy(() -> client.listTagsForResource(list -> list.resourceARN(arn)))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> client.tagResource(tag -> tag.resourceARN(arn).tags(tag("a", "b"))))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> client.untagResource(untag -> untag.resourceARN(arn).tagKeys("team")))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertThatThrownBy(
            () ->
                client.tagResource(
                    request ->
                        request
                            .resourceARN("abcdefghijkl")
                            .tags(tag("a#", "b"), tag("AWS:c", "d"), tag("e", "f"), tag("e", "g"))))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("4 validation errors detected")
        .hasMessageContaining("at 'resourceARN'")
        .hasMessageContaining("at 'tags.1.member.key'")
        .hasMessageContaining("at 'tags.2.member.key'")
        .hasMessageContaining("at 'tags.4.member.key'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tagResource", "/untagResource", "/listTagsForResource"})
  void membersThatMustBeThereAreNamed(String path) {
    RawHttp.Reply reply = new Signed(key, service.port()).send("POST", path, "{}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("Value null at 'resourceARN'");
    if (!path.startsWith("/list")) {
      assertThat(reply.body()).contains(path.startsWith("/tag") ? "'tags'" : "'tagKeys'");
    }
  }

  @Test
  void changesAreAnsweredWithAnEmptyObject() {
    String arn = create();
    Signed signed = new Signed(key, service.port());

    RawHttp.Reply tagged =
        signed.send("POST", "/tagResource", "{\"resourceARN\":\"%s\",\"tags\":[]}".formatted(arn));
    RawHttp.Reply listed =
        signed.send("POST", "/listTagsForResource", "{\"resourceARN\":\"%s\"}".formatted(arn));

    assertThat(tagged.body()).isEqualTo("{}");
    assertThat(listed.body()).isEqualTo("{\"tags\":[]}");
  }
}
