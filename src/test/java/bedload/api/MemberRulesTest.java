package bedload.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import bedload.wire.TextRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that the published patterns were seen to accept or to refuse, and laws over many more. */
class MemberRulesTest {
  private static final String UUID = "1234abcd-12ab-34cd-56ef-1234567890ab";

  /** Each dash doubles the time that a published pattern takes. */
  private static final Pattern TOO_SLOW = Pattern.compile("(?:-[^-]*){13}");

  /** Nothing stands for such a partition, though the published patterns let it pass. */
  private static final Pattern STRANGE_PARTITION = Pattern.compile("arn:aws-[^:]*[^:a-z0-9-]");

  static final Map<String, TextRule> RULES =
      Map.ofEntries(
          Map.entry("jobName", MemberRules.JOB_NAME),
          Map.entry("clientRequestToken", MemberRules.CLIENT_REQUEST_TOKEN),
          Map.entry("roleArn", MemberRules.ROLE_ARN),
          Map.entry("modelId", MemberRules.MODEL_ID),
          Map.entry("s3Uri", S3UriForm.AWS.rule()),
          Map.entry("anyS3Uri", S3UriForm.ANY_KEY.rule()),
          Map.entry("kmsKey", MemberRules.KMS_KEY),
          Map.entry("tagKey", MemberRules.TAG_KEY),
          Map.entry("tagValue", MemberRules.TAG_VALUE),
          Map.entry("pageToken", MemberRules.PAGE_TOKEN),
          Map.entry("foundationModel", MemberRules.FOUNDATION_MODEL),
          Map.entry("inferenceProfile", MemberRules.INFERENCE_PROFILE),
          Map.entry("taggableArn", MemberRules.TAGGABLE_ARN));

  static List<TextRule> rules() {
    return List.copyOf(RULES.values());
  }

  private static TextRule rule(String name) {
    return Objects.requireNonNull(RULES.get(name));
  }

  @ParameterizedTest
  @CsvSource({
    "jobName, job",
    "jobName, 1",
    "jobName, a-",
    "jobName, a.b+c-d",
    "clientRequestToken, 7817f022-8ccb-43d4-b9d7-1d9f94770ce0",
    "clientRequestToken, a--b",
    "roleArn, arn:aws:iam::123456789012:role/R",
    "roleArn, arn:aws:iam::123456789012:role/service-role/R",
    "roleArn, arn:aws-cn:iam::123456789012:role/R",
    "roleArn, arn:aws:iam:::role/R",
    "modelId, anthropic.claude-3-haiku-20240307-v1:0",
    "modelId, us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "modelId, global.anthropic.claude-opus-5",
    "modelId, openai.gpt-oss-120b-1:0",
    "modelId, deepseek.v3.2",
    "modelId, google.gemma-3-12b-it",
    "modelId, amazon.titan-embed-text-v2:0",
    "modelId, my-local-model",
    "modelId, Llama_3-70B",
    "modelId, arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0",
    "modelId, arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0",
    "modelId, arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123def456",
    "modelId, arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.titan-embed-text-v2:0/abcdefghijkl",
    "s3Uri, s3://bkt",
    "s3Uri, s3://bkt/",
    "s3Uri, s3://bkt/a/b.jsonl",
    "s3Uri, s3://bkt/a/b/",
    "s3Uri, s3://bkt/a!(c)*_.jsonl",
    "anyS3Uri, s3://bkt/dt=2026-01-01/part 1+ünï:.jsonl",
    "kmsKey, arn:aws:kms:us-east-1:123456789012:key/" + UUID,
    "kmsKey, " + UUID,
    "kmsKey, alias/my-key",
    "kmsKey, arn:aws:kms:us-east-1:123456789012:alias/my-key",
    "taggableArn, arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl",
    "taggableArn, arn:aws-cn:bedrock:cn-north-1:123456789012:model-invocation-job/abcdefghijkl",
    "taggableArn, arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.titan-text:0/abcdefghijkl",
    "taggableArn, arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/x.y:1",
    "taggableArn, aaaaaaaaaaaaaaaaaaaa",
  })
  void accepts(String rule, String text) {
    assertThat(rule(rule).accepts(text)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "jobName, a_b",
    "jobName, a b",
    "jobName, -a",
    "jobName, .a",
    "jobName, +a",
    "jobName, ''",
    "clientRequestToken, a_b",
    "clientRequestToken, a-",
    "clientRequestToken, -a",
    "clientRequestToken, ''",
    "roleArn, arn:aws:iam::123456789012:user/R",
    "roleArn, R",
    "modelId, us.openai.gpt-5.6-sol",
    "modelId, meta-llama/Llama-3.1-8B-Instruct",
    "modelId, qwen2.5:0.5b",
    "modelId, llama3.1",
    "modelId, ''",
    "modelId, a b",
    "modelId, a__b",
    "modelId, arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl",
    "modelId, arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdefghijkl",
    "s3Uri, s3://bkt/dt=2025-01-01/a.jsonl",
    "s3Uri, s3://bkt/a b.jsonl",
    "s3Uri, s3://bkt/a+b.jsonl",
    "s3Uri, s3://bkt/a:b.jsonl",
    "s3Uri, s3://bkt/a%20b.jsonl",
    "s3Uri, s3://Bkt/a",
    "s3Uri, s3://b_t/a",
    "s3Uri, s3://bkt//a",
    "s3Uri, s3://bkt/a//",
    "s3Uri, s3://ab/x",
    "s3Uri, https://bkt/a",
    "s3Uri, s3://bkt/ünï.jsonl",
    "anyS3Uri, s3://Bkt/a",
    "kmsKey, my-key",
    "taggableArn, abcdefghijkl",
    "taggableArn, arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abc",
    "taggableArn, arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl/x",
    "taggableArn, arn:aws:s3:us-east-1:123456789012:model-invocation-job/abcdefghijkl",
  })
  void refuses(String rule, String text) {
    assertThat(rule(rule).accepts(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"jobName, 63", "clientRequestToken, 256", "tagKey, 128", "tagValue, 256"})
  void lengthEndsWhereAwsEndsIt(String rule, int maxLength) {
    assertThat(rule(rule).accepts("a".repeat(maxLength))).isTrue();
    assertThat(rule(rule).accepts("a".repeat(maxLength + 1))).isFalse();
  }

  /** No database keeps U+0000 or half a surrogate pair, so no rule may let one in. */
  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "\u0007", "\ud800", "\udc00"})
  void whatNoDatabaseKeepsIsRefused(String sign) {
    assertThat(rule("roleArn").accepts("arn:aws:iam::123456789012:role/R" + sign)).isFalse();
    assertThat(rule("roleArn").accepts("arn:aws-" + sign + ":iam::123456789012:role/R")).isFalse();
    assertThat(rule("modelId").accepts("arn:aws-" + sign + ":bedrock:us-east-1:word")).isFalse();
    assertThat(rule("kmsKey").accepts("arn:aws-" + sign + ":kms:x:123456789012:alias/a")).isFalse();
    assertThat(rule("anyS3Uri").accepts("s3://bkt/" + sign)).isFalse();
    assertThat(rule("tagValue").accepts(sign)).isFalse();
    assertThat(rule("jobName").accepts("a" + sign)).isFalse();
  }

  /** Each rule runs its own pattern; on any text it must say what AWS's would. */
  @ParameterizedTest
  @MethodSource("rules")
  void saysWhatThePublishedPatternSays(TextRule rule) {
    Pattern published = Pattern.compile(Objects.requireNonNull(rule.published()));
    long seed = 20_260_101;
    Random random = new Random(seed);
    List<String> pieces =
        List.of(
            "a",
            "Z",
            "7",
            "-",
            "--",
            "_",
            ".",
            ":",
            "/",
            "+",
            "*",
            " ",
            "ab",
            "s3://",
            "bkt",
            "arn:aws",
            "arn:aws-cn",
            ":iam::",
            "123456789012",
            ":role/",
            ":bedrock:",
            "us-east-1",
            ":",
            "::foundation-model/",
            "amazon.nova",
            ":custom-model/",
            "/abcdefghijkl",
            ":inference-profile/",
            ":kms:",
            ":model-invocation-job/",
            ":guardrail/",
            ":key/",
            "alias/",
            UUID);
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      int count = 1 + random.nextInt(7);
      for (int piece = 0; piece < count; piece++) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      String candidate = text.toString();
      if (TOO_SLOW.matcher(candidate).find() || STRANGE_PARTITION.matcher(candidate).find()) {
        continue;
      }
      boolean expected =
          published.matcher(candidate).matches()
              && candidate.length() >= rule.minLength()
              && candidate.length() <= rule.maxLength();
      if (rule.accepts(candidate) != expected) {
        fail("'%s' is %s under %s, seed %d", candidate, expected, rule.published(), seed);
      }
    }
  }

  /** The published pattern of a job's name takes longer than the age of the universe for these. */
  @ParameterizedTest
  @MethodSource("rules")
  void hostileTextTakesNoTime(TextRule rule) {
    int length = Math.min(rule.maxLength(), 2048);
    List<String> repeated =
        List.of("-", "a-", "a", "a.", "a_", "/", "/a", ":", "a:", ".", "1", " ");
    List<String> beginnings =
        List.of(
            "a",
            "s3://bkt",
            "arn:aws:iam::",
            "arn:aws:bedrock:a:",
            "arn:aws:bedrock:a::foundation-model/",
            "arn:aws:kms:",
            "alias/");
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (String beginning : beginnings) {
            for (String piece : repeated) {
              String text = beginning + piece.repeat(length);
              for (int round = 0; round < 20; round++) {
                rule.accepts(text.substring(0, length - 1) + "!");
              }
            }
          }
        });
  }

  @Test
  void wordsAreThoseOfTheModel() {
    assertThat(MemberRules.STATUS.words())
        .containsExactlyInAnyOrder(
            "Submitted",
            "InProgress",
            "Completed",
            "Failed",
            "Stopping",
            "Stopped",
            "PartiallyCompleted",
            "Expired",
            "Validating",
            "Scheduled");
    assertThat(MemberRules.INVOCATION_TYPE.words()).containsExactly("InvokeModel", "Converse");
  }
}
