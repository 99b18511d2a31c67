package bedload.model.body;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a body may ask for and a model server cannot do, and what an operator may let be dropped
 * from it, so that the rest is answered. Nothing is dropped that is not named in the model's entry.
 */
public enum Droppable {
  /** Sampling from the k most likely tokens; some servers take it, strict ones refuse it. */
  TOP_K,
  /** Marks of what is to be cached; a server caches as it likes. */
  CACHE_CONTROL,
  /** The wish for reasoning, and the reasoning of earlier turns. */
  THINKING,
  /** Anthropic's names of features that are not yet for all. */
  ANTHROPIC_BETA,
  /** That a tool's result is an error; its text is kept. */
  TOOL_ERROR,
  /** Bedrock's guardrails: the answer is then what nobody guarded. */
  GUARDRAIL,
  /** Converse's additional fields that no server has a counterpart for. */
  ADDITIONAL_FIELDS,
  /** The wish for more speed or a lower price. */
  SERVICE_TIER,
  /** What is to be cut off a text that is too long; a server refuses such a text, or cuts it. */
  TRUNCATE;

  /** Returns the name that settings use. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns all names that settings may use, for messages. */
  public static String wireNames() {
    return Arrays.stream(values()).map(Droppable::wireName).collect(Collectors.joining(", "));
  }

  /** Returns what a name means; empty if nothing. */
  public static Optional<Droppable> ofWireName(String name) {
    return Arrays.stream(values()).filter(what -> what.wireName().equals(name)).findFirst();
  }
}
