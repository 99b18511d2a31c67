package bedload.command;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a job's model has counted and what that costs, as the catalog has it. The API of Bedrock has
 * no place for either.
 *
 * @param row one of the answer to {@link #QUESTION}
 */
record UsageOnWire(JsonNode row) {
  /** Asks for the usage of jobs, by a list of their ARNs. */
  static final String QUESTION =
      """
      select job_arn as "jobArn",
             input_tokens as "inputTokens",
             output_tokens as "outputTokens",
             cache_read_tokens as "cacheReadTokens",
             cache_write_tokens as "cacheWriteTokens",
             cost::text
        from aws_bedrock_model_invocation_job_usage
       where job_arn = any($1::text[])
      """;

  String jobArn() {
    return row.path("jobArn").asString("");
  }

  /** Returns a count of tokens; empty where no model server said one. */
  OptionalLong tokens(String member) {
    JsonNode count = row.path(member);
    return count.isNumber() ? OptionalLong.of(count.longValue()) : OptionalLong.empty();
  }

  /** Returns what the tokens cost; empty where they or their price are not known. */
  Optional<BigDecimal> cost() {
    return Optional.of(row.path("cost").asString(""))
        .filter(digits -> !digits.isEmpty())
        .map(BigDecimal::new);
  }

  /** Returns a job's document with its usage as one more member; as it is if there is none. */
  static JsonNode in(JsonNode document, @Nullable UsageOnWire usage) {
    if (usage == null || !(document instanceof ObjectNode job)) {
      return document;
    }
    ObjectNode with = job.deepCopy();
    ObjectNode member = with.putObject("usage");
    usage
        .row()
        .properties()
        .forEach(
            property -> {
              if (!property.getKey().equals("jobArn")) {
                member.set(property.getKey(), property.getValue());
              }
            });
    usage.cost().ifPresent(cost -> member.set("cost", JsonNodeFactory.instance.numberNode(cost)));
    return with;
  }
}
