package bedload.collect;

import java.util.Map;

/** What became of one call; the case decides whether to call again. */
sealed interface ProviderReply {
  /**
   * The answer.
   *
   * @param document by the provider's names: texts, numbers, booleans, instants, lists, maps
   */
  record Answer(Map<String, Object> document) implements ProviderReply {}

  /** Too many calls: call again, later and more slowly. */
  record Throttled(String sentence) implements ProviderReply {}

  /** Nothing usable came back: it may at another time. */
  record Unavailable(String sentence) implements ProviderReply {}

  /**
   * The provider will say the same however often it is asked.
   *
   * @param code the provider's name of the reason
   */
  record Refused(String code, String sentence) implements ProviderReply {}
}
