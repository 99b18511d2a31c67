package bedload.api;

import bedload.job.JobStatus;
import bedload.job.ModelInvocationType;
import bedload.wire.TextRule;
import java.util.Arrays;
import java.util.List;

/**
 * The lengths, patterns and words that Bedrock's model gives for the members of a request. Where a
 * published pattern needs more than linear time, or lets in characters that no ARN has and no
 * database keeps, a second one is run in its place; {@code MemberRulesTest} holds the two together.
 */
final class MemberRules {
  private static final String PARTITION = "arn:aws(?:-[a-z0-9-]+)?";
  private static final String PLAIN_MODEL_ID =
      "[a-z0-9-]{1,63}[.][a-z0-9-]{1,63}(?:[.]?[a-z0-9-]{1,63})(?:[:][a-z0-9-]{1,63}){0,2}";
  private static final String WORD = "(?!.*[_-]{2})[0-9a-zA-Z][0-9a-zA-Z_-]*";

  static final TextRule JOB_NAME =
      TextRule.pattern(
          1, 63, "[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9\\+\\-\\.]){0,63}", "[a-zA-Z0-9][a-zA-Z0-9+.\\-]*");

  static final TextRule CLIENT_REQUEST_TOKEN =
      TextRule.pattern(
          1,
          256,
          "[a-zA-Z0-9]{1,256}(-*[a-zA-Z0-9]){0,256}",
          "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?");

  static final TextRule ROLE_ARN =
      TextRule.pattern(
          0,
          2048,
          "arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+",
          PARTITION + ":iam::(?:[0-9]{12})?:role/[^\\p{Cntrl}\\p{Cs}]+");

  static final TextRule MODEL_ID =
      TextRule.pattern(
          1,
          2048,
          "(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:(([0-9]{12}:custom-model/[a-z0-9-]{1,63}[.]{1}[a-z0-9-:]{1,63}/[a-z0-9]{12}$)|(:foundation-model/([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2})|(([0-9a-zA-Z][_-]?)+)$)|([0-9]{12}:(inference-profile|application-inference-profile)/[a-zA-Z0-9-:.]+$)))|([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2})|(([0-9a-zA-Z][_-]?)+)",
          PARTITION
              + ":bedrock:[a-z0-9-]{1,20}:(?:"
              + "[0-9]{12}:custom-model/[a-z0-9-]{1,63}[.][a-z0-9-:]{1,63}/[a-z0-9]{12}"
              + "|:foundation-model/"
              + PLAIN_MODEL_ID
              + "|"
              + WORD
              + "|[0-9]{12}:(?:application-)?inference-profile/[a-zA-Z0-9-:.]+)"
              + "|"
              + PLAIN_MODEL_ID
              + "|"
              + WORD);

  static final TextRule FOUNDATION_MODEL =
      TextRule.pattern(
          1,
          2048,
          "(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}::foundation-model/[a-z0-9-]{1,63}[.]{1}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2})|([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2})",
          PARTITION
              + ":bedrock:[a-z0-9-]{1,20}::foundation-model/"
              + "[a-z0-9-]{1,63}(?:[.][a-z0-9-]{1,63}){1,3}(?::[a-z0-9-]{1,63}){0,2}"
              + "|"
              + PLAIN_MODEL_ID);

  static final TextRule INFERENCE_PROFILE =
      TextRule.pattern(
          1,
          2048,
          "(arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{0,20}):(|[0-9]{12}):(inference-profile|application-inference-profile)/)?[a-zA-Z0-9-:.]+",
          "(?:arn:aws(?:-us-gov|-cn|-iso|-iso-b)?:bedrock:[0-9a-z-]{0,20}:(?:[0-9]{12})?:(?:application-)?inference-profile/)?[a-zA-Z0-9-:.]+");

  static final TextRule KMS_KEY =
      TextRule.pattern(
          1,
          2048,
          "(arn:aws(-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:((key/[a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)))|([a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)",
          PARTITION
              + ":kms:[a-zA-Z0-9-]*:[0-9]{12}:(?:key/[a-zA-Z0-9-]{36}|alias/[a-zA-Z0-9-_/]+)"
              + "|[a-zA-Z0-9-]{36}|alias/[a-zA-Z0-9-_/]+");

  static final TextRule ACCOUNT = TextRule.pattern(0, 12, "[0-9]{12}");
  static final TextRule NETWORK_ID = TextRule.pattern(0, 32, "[-0-9a-zA-Z]+");
  static final TextRule TAG_KEY = TextRule.pattern(1, 128, "[a-zA-Z0-9\\s._:/=+@-]*");
  static final TextRule TAG_VALUE = TextRule.pattern(0, 256, "[a-zA-Z0-9\\s._:/=+@-]*");
  static final TextRule TAGGABLE_ARN =
      TextRule.pattern(
          20,
          1011,
          ".*(^[a-zA-Z0-9][a-zA-Z0-9\\-]*$)|(^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:custom-model/(imported)/[a-z0-9]{12}$)|(^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:([0-9]{12}|)((:(fine-tuning-job|model-customization-job|custom-model)/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2}(/[a-z0-9]{12})$)|(:guardrail/[a-z0-9]+$)|(:automated-reasoning-policy/[a-zA-Z0-9]+(:[a-zA-Z0-9]+)?$)|(:(inference-profile|application-inference-profile)/[a-zA-Z0-9-:.]+$)|(:(provisioned-model|model-invocation-job|model-evaluation-job|evaluation-job|model-import-job|imported-model|async-invoke|provisioned-model-v2|provisioned-model-reservation|prompt-router|custom-model-deployment)/[a-z0-9]{12}$))).*",
          "[a-zA-Z0-9][a-zA-Z0-9-]*"
              + "|"
              + PARTITION
              + ":bedrock:[a-z0-9-]{1,20}:(?:[0-9]{12}:custom-model/imported/[a-z0-9]{12}"
              + "|(?:[0-9]{12})?:(?:"
              + "(?:fine-tuning-job|model-customization-job|custom-model)/"
              + "[a-z0-9-]{1,63}[.][a-z0-9-]{2,126}(?:[.][a-z0-9-]{1,63}){0,2}(?::[a-z0-9-]{1,63}){0,2}/[a-z0-9]{12}"
              + "|guardrail/[a-z0-9]+"
              + "|automated-reasoning-policy/[a-zA-Z0-9]+(?::[a-zA-Z0-9]+)?"
              + "|(?:application-)?inference-profile/[a-zA-Z0-9-:.]+"
              + "|(?:provisioned-model|model-invocation-job|model-evaluation-job|evaluation-job"
              + "|model-import-job|imported-model|async-invoke|provisioned-model-v2"
              + "|provisioned-model-reservation|prompt-router|custom-model-deployment)/[a-z0-9]{12}))");

  static final TextRule PAGE_TOKEN = TextRule.pattern(1, 2048, "\\S*");
  static final TextRule INPUT_FORMAT = TextRule.oneOf(List.of("JSONL"));
  static final TextRule INVOCATION_TYPE =
      TextRule.oneOf(
          Arrays.stream(ModelInvocationType.values()).map(ModelInvocationType::wireName).toList());
  static final TextRule STATUS =
      TextRule.oneOf(Arrays.stream(JobStatus.values()).map(JobStatus::wireName).toList());
  static final TextRule PROVIDER = TextRule.pattern(0, 63, "[A-Za-z0-9- ]{1,63}");
  static final TextRule CUSTOMIZATION =
      TextRule.oneOf(List.of("FINE_TUNING", "CONTINUED_PRE_TRAINING", "DISTILLATION"));
  static final TextRule MODALITY = TextRule.oneOf(List.of("TEXT", "IMAGE", "EMBEDDING"));
  static final TextRule INFERENCE_TYPE = TextRule.oneOf(List.of("ON_DEMAND", "PROVISIONED"));
  static final TextRule PROFILE_TYPE = TextRule.oneOf(List.of("SYSTEM_DEFINED", "APPLICATION"));
  static final TextRule SORT_BY = TextRule.oneOf(List.of("CreationTime"));
  static final TextRule SORT_ORDER = TextRule.oneOf(List.of("Ascending", "Descending"));

  private MemberRules() {}
}
