package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.ModelInvocationType;
import bedload.job.TokenUsage;
import bedload.model.FakeBedrockRuntime.Received;
import bedload.model.FakeBedrockRuntime.Reply;
import bedload.model.http.HttpTransport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Calls to Bedrock itself, against a fake that refuses what is not signed rightly. */
class BedrockRuntimeTest {
  private static final String MODEL = "us.anthropic.claude-3-haiku-20240307-v1:0";
  private static final String BODY = "{\"prompt\": \"gr\\u00fcn \\ud83d\\ude00\", \"top_p\": 0.90}";
  private static final AwsCredentialsProvider KEYS = keys(FakeBedrockRuntime.SECRET);

  private final HttpTransport transport = new HttpTransport();
  private final AtomicReference<Function<Received, Reply>> behaviour =
      new AtomicReference<>(FakeBedrockRuntime::repeated);
  private final FakeBedrockRuntime fake =
      FakeBedrockRuntime.start(call -> behaviour.get().apply(call));

  @AfterEach
  void close() {
    transport.close();
    fake.close();
  }

  private static AwsCredentialsProvider keys(String secret) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(FakeBedrockRuntime.ACCESS_KEY, secret));
  }

  private BedrockRuntime model(String modelId, AwsCredentialsProvider keys) {
    return new BedrockRuntime(
        transport,
        fake.url().toString(),
        modelId,
        Duration.ofSeconds(10),
        CallSigner.sigV4(keys, "eu-central-1", InstantSource.system()),
        InstantSource.system());
  }

  private ModelReply reply(ModelInvocationType type) throws InterruptedException {
    return model(MODEL, KEYS).invoke(BODY.getBytes(StandardCharsets.UTF_8), type);
  }

  private ModelReply reply(int status, Map<String, String> headers, String body)
      throws InterruptedException {
    behaviour.set(_ -> new Reply(status, headers, body));
    return reply(ModelInvocationType.INVOKE_MODEL);
  }

  @Test
  void aRecordGoesThroughAsItIsSignedForItsModelAndRegion() throws InterruptedException {
    ModelReply reply = reply(ModelInvocationType.INVOKE_MODEL);

    assertThat(reply).isInstanceOf(ModelReply.Answer.class);
    ModelReply.Answer answer = (ModelReply.Answer) reply;
    assertThat(new String(answer.modelOutput(), StandardCharsets.UTF_8)).contains("grün 😀");
    assertThat(answer.usage()).isEqualTo(new TokenUsage(11L, 7L, null, 100L));
    Received call = fake.received().getFirst();
    assertThat(call.path()).isEqualTo("/model/us.anthropic.claude-3-haiku-20240307-v1%3A0/invoke");
    assertThat(call.region()).isEqualTo("eu-central-1");
  }

  @Test
  void converseGoesToItsOwnOperationAndCountsInItsBody() throws InterruptedException {
    ModelReply reply = reply(ModelInvocationType.CONVERSE);

    assertThat(((ModelReply.Answer) reply).usage()).isEqualTo(new TokenUsage(11L, 7L, 100L, null));
    assertThat(fake.received().getFirst().path()).endsWith("/converse");
  }

  @Test
  void anInferenceProfilesArnIsOneSegmentOfThePath() throws InterruptedException {
    String arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc";
    ModelReply reply =
        model(arn, KEYS)
            .invoke(BODY.getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);

    assertThat(reply).isInstanceOf(ModelReply.Answer.class);
    assertThat(fake.received().getFirst().path())
        .endsWith("%3Aapplication-inference-profile%2Fabc/invoke");
  }

  @Test
  void wrongKeysAreRefusedAndInNoMessage() throws InterruptedException {
    ModelReply reply =
        model(MODEL, keys("another-secret"))
            .invoke(BODY.getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);

    assertThat(reply)
        .isInstanceOfSatisfying(
            ModelReply.Refusal.class, refusal -> assertThat(refusal.errorCode()).isEqualTo(403));
    assertThat(reply.toString())
        .contains("403 InvalidSignatureException", "enabled in the account")
        .doesNotContain("another-secret");
  }

  @Test
  void withoutKeysARecordIsAskedForAgain() throws InterruptedException {
    ModelReply reply =
        model(
                MODEL,
                () -> {
                  throw SdkClientException.create("Unable to load credentials");
                })
            .invoke(BODY.getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);

    assertThat(reply)
        .isEqualTo(
            new ModelReply.Silence(
                424,
                "No keys for Bedrock at %s: Unable to load credentials".formatted(fake.url())));
  }

  /** The numbers and names are those of the API reference of InvokeModel. */
  @ParameterizedTest
  @CsvSource({
    "400, ValidationException, Refusal",
    "400, ServiceQuotaExceededException, Overload",
    "403, AccessDeniedException, Refusal",
    "403, ExpiredTokenException, Silence",
    "404, ResourceNotFoundException, Refusal",
    "408, ModelTimeoutException, Silence",
    "424, ModelErrorException, Silence",
    "429, ThrottlingException, Overload",
    "429, ModelNotReadyException, Overload",
    "500, InternalServerException, Silence",
    "503, ServiceUnavailableException, Overload",
    "413, '', Refusal",
    "429, '', Overload",
    "503, '', Overload"
  })
  void bedrocksNumbersAreKeptAndDecideWhetherToAskAgain(int status, String type, String kind)
      throws InterruptedException {
    behaviour.set(_ -> Reply.error(status, type, "its own words"));

    ModelReply reply = reply(ModelInvocationType.INVOKE_MODEL);

    assertThat(reply.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(reply.toString()).contains("its own words", type);
    assertThat(
            switch (reply) {
              case ModelReply.Answer _ -> 200;
              case ModelReply.Refusal refusal -> refusal.errorCode();
              case ModelReply.Overload overload -> overload.errorCode();
              case ModelReply.Silence silence -> silence.errorCode();
            })
        .isEqualTo(status);
  }

  @Test
  void theTimeThatBedrockNamesIsKept() throws InterruptedException {
    assertThat(reply(429, Map.of("Retry-After", "7"), "{}"))
        .isInstanceOfSatisfying(
            ModelReply.Overload.class,
            overload -> assertThat(overload.after()).isEqualTo(Duration.ofSeconds(7)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"usage":{"input_tokens":3,"output_tokens":4,"cache_read_input_tokens":5,"cache_creation_input_tokens":6}} | 3 4 5 6
          {"usage":{"inputTokens":3,"outputTokens":4,"cacheReadInputTokenCount":5}} | 3 4 5 null
          {"choices":[],"usage":{"prompt_tokens":8,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":5}}} | 3 4 5 null
          {"generation":"","prompt_token_count":3,"generation_token_count":4} | 3 4 null null
          {"inputTextTokenCount":3,"results":[{"tokenCount":4}]} | 3 4 null null
          {"inputTextTokenCount":3,"embedding":[0.5]} | 3 0 null null
          {"text":"","meta":{"billed_units":{"input_tokens":3,"output_tokens":4}}} | 3 4 null null
          {"outputs":[{"text":"","stop_reason":"stop"}]} | null null null null
          """)
  void tokensAreReadFromTheFamilysOwnForm(String body, String counts) throws InterruptedException {
    TokenUsage usage = ((ModelReply.Answer) reply(200, Map.of(), body)).usage();

    assertThat(
            "%s %s %s %s"
                .formatted(usage.input(), usage.output(), usage.cacheRead(), usage.cacheWrite()))
        .isEqualTo(counts);
  }

  @Test
  void anAnswerOnSeveralLinesIsPutOnOne() throws InterruptedException {
    ModelReply reply = reply(200, Map.of(), "{\n  \"a\": 1.50\n}");

    assertThat(new String(((ModelReply.Answer) reply).modelOutput(), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":1.50}");
  }

  @Test
  void theMapCallsBedrockWithAnApiKeyUnderTheIdThatTheJobNames() throws Exception {
    BedrockBackend backend =
        new BedrockBackend(
            "us-east-1",
            fake.url(),
            null,
            null,
            new ApiKey.InEnvironment("BEDROCK_KEY"),
            Duration.ofSeconds(10),
            1,
            1);
    try (ModelMap map =
        map(
            List.of(new ModelEntry("anthropic.*", backend, null)),
            Map.of("BEDROCK_KEY", FakeBedrockRuntime.API_KEY))) {
      var outcome =
          map.find("arn:aws:bedrock:us-east-1::foundation-model/" + MODEL)
              .orElseThrow()
              .answer(BODY.getBytes(StandardCharsets.UTF_8), ModelInvocationType.INVOKE_MODEL);

      assertThat(outcome.toString()).doesNotContain(FakeBedrockRuntime.API_KEY);
      assertThat(fake.received().getFirst().region()).isEqualTo("by key");
      assertThat(fake.received().getFirst().path()).contains("/model/us.anthropic.claude");
    }
  }

  @Test
  void theRegionIsTheEntrysOrTheEnvironmentsOrNobodyKnowsIt() {
    assertThat(BedrockBackend.in("eu-west-1").endpoint(Map.of("AWS_REGION", "us-west-2")))
        .isEqualTo("https://bedrock-runtime.eu-west-1.amazonaws.com");
    BedrockBackend open =
        new BedrockBackend(
            null, null, null, "no-such-profile-of-bedload", null, Duration.ofSeconds(1), 1, 1);
    assertThat(open.endpoint(Map.of("AWS_REGION", "cn-north-1")))
        .isEqualTo("https://bedrock-runtime.cn-north-1.amazonaws.com.cn");
    assertThatThrownBy(() -> map(List.of(new ModelEntry("a.b", open, null)), Map.of()))
        .hasMessageContaining("give the model's entry a region, or set AWS_REGION");
  }

  private static ModelMap map(List<ModelEntry> entries, Map<String, String> environment) {
    return new ModelMap(
        entries, environment, Patience.DEFAULT, InstantSource.system(), new Random(1));
  }
}
