package bedload.collect;

import bedload.catalog.CollectPlan;
import bedload.catalog.CollectPlan.Tagging;
import bedload.catalog.DocumentPath;
import bedload.catalog.ResourceObservation;
import bedload.catalog.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/** Turns what a provider says of resources into observations: whole, with tags, and checked. */
final class Observations {
  private final Source source;
  private final ResourceType type;
  private final CollectPlan plan;
  private final PacedProvider provider;
  private final List<DocumentPath> key;
  private final DocumentPath status;
  private final Set<String> troubles = new ConcurrentSkipListSet<>();

  Observations(Source source, ResourceType type, PacedProvider provider) {
    this.source = source;
    this.type = type;
    this.plan = type.collect();
    this.provider = provider;
    this.key = type.key().stream().map(type::path).toList();
    this.status = type.path(type.terminal().column());
  }

  /** Returns sentences about what could not be had beside the resources themselves. */
  Set<String> troubles() {
    return troubles;
  }

  /**
   * Returns the observations of a page.
   *
   * @param seen when the page was asked for
   */
  List<ResourceObservation> listed(List<Map<?, ?>> items, Instant seen) {
    List<ResourceObservation> observations = new ArrayList<>();
    Optional<CollectPlan.Call> lookup =
        plan.get().filter(CollectPlan.Lookup::forEach).map(CollectPlan.Lookup::call);
    for (Map<?, ?> item : items) {
      if (lookup.isEmpty()) {
        observations.add(observation(item, seen));
      } else {
        CollectPlan.Call call = lookup.get();
        Object asked = type.path(call.column()).valueIn(item);
        if (asked != null) {
          one(call, asked.toString(), seen).ifPresent(observations::add);
        }
      }
    }
    return observations;
  }

  /** Returns the observation of one resource; empty if the provider does not know it. */
  Optional<ResourceObservation> one(CollectPlan.Call call, String key, Instant seen) {
    return provider
        .answerIfAny(plan.service(), call.operation(), Map.of(call.member(), key))
        .map(document -> observation(document, seen));
  }

  private ResourceObservation observation(Map<?, ?> document, Instant seen) {
    requireOwnAccount(document);
    return new ResourceObservation(
        type,
        source.account().value(),
        source.region(),
        source.origin(),
        document,
        tags(document),
        seen.toEpochMilli(),
        seen);
  }

  /**
   * Credentials may be of another account than settings say. Its rows would be shown to whoever may
   * see the one of the settings.
   */
  private void requireOwnAccount(Map<?, ?> document) {
    for (DocumentPath part : key) {
      String[] arn = String.valueOf(part.valueIn(document)).split(":", 6);
      if (arn.length == 6
          && arn[0].equals("arn")
          && !arn[4].isEmpty()
          && !arn[4].equals(source.account().value())) {
        throw new SourceTrouble(
            "The credentials for account %s in %s are of account %s, which nobody asked to collect. Correct the source's account or its credentials in the settings"
                .formatted(source.account().value(), source.region(), arn[4]),
            true);
      }
    }
  }

  /** Returns the tags; null if the provider does not tell them, or not any more. */
  private @Nullable Map<String, String> tags(Map<?, ?> document) {
    Optional<Tagging> tagging =
        plan.tags().filter(how -> how.until() == Tagging.Until.ALWAYS || !isAtRest(document));
    if (tagging.isEmpty()) {
      return null;
    }
    CollectPlan.Call call = tagging.get().call();
    Object resource = type.path(call.column()).valueIn(document);
    if (resource == null) {
      return null;
    }
    try {
      return provider
          .answerIfAny(plan.service(), call.operation(), Map.of(call.member(), resource))
          .map(Observations::tagsOf)
          .orElse(null);
    } catch (SourceTrouble trouble) {
      if (trouble.isWholeSource()) {
        throw trouble;
      }
      troubles.add(trouble.sentence());
      return null;
    }
  }

  private boolean isAtRest(Map<?, ?> document) {
    return type.terminal().values().contains(String.valueOf(status.valueIn(document)));
  }

  private static Map<String, String> tagsOf(Map<String, Object> answer) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (answer.get("tags") instanceof List<?> list) {
      for (Object tag : list) {
        if (tag instanceof Map<?, ?> pair) {
          tags.put(String.valueOf(pair.get("key")), String.valueOf(pair.get("value")));
        }
      }
    }
    return tags;
  }
}
