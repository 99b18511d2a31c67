package bedload.api;

import bedload.wire.TextRule;

/** Which S3 URIs a job may name. */
public enum S3UriForm {
  /** Those that Bedrock takes: no {@code =}, no space, no colon, no letters beyond ASCII. */
  AWS,
  /** Any key that S3 can hold, such as {@code dt=2026-01-01/part 1.jsonl}. */
  ANY_KEY;

  private static final TextRule AWS_RULE =
      TextRule.pattern(
          1,
          1024,
          "s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:/[-!_*'().a-z0-9A-Z]+(?:/[-!_*'().a-z0-9A-Z]+)*)?/?",
          "s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?!.*//)(?:/[-!_*'().a-z0-9A-Z/]*)?");
  private static final TextRule ANY_KEY_RULE =
      TextRule.pattern(1, 1024, "s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:/[^\\p{Cntrl}\\p{Cs}]*)?");

  TextRule rule() {
    return switch (this) {
      case AWS -> AWS_RULE;
      case ANY_KEY -> ANY_KEY_RULE;
    };
  }
}
