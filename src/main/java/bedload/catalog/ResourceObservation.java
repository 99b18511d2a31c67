package bedload.catalog;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource as a source saw it.
 *
 * @param account the account that it was seen in
 * @param region the region that it was seen in
 * @param source what told of it: null for this service itself, whose word about its own resources
 *     nobody else overrules; aws, or the URL of another service
 * @param document what the provider says of it, by the provider's names; values are texts, numbers,
 *     booleans, instants, lists of texts, and maps of the same. What the type does not name is left
 *     aside
 * @param tags null if the source could not tell them: then those that were known stay
 * @param version grows with every change at the source; an observation that is not newer than what
 *     is known changes nothing
 * @param observedAt when the resource was so
 */
public record ResourceObservation(
    ResourceType type,
    String account,
    String region,
    @Nullable String source,
    Map<?, ?> document,
    @Nullable Map<String, String> tags,
    long version,
    Instant observedAt) {

  /** Makes an observation of a resource of this service itself. */
  public ResourceObservation(
      ResourceType type,
      String account,
      String region,
      Map<?, ?> document,
      @Nullable Map<String, String> tags,
      long version,
      Instant observedAt) {
    this(type, account, region, null, document, tags, version, observedAt);
  }
}
