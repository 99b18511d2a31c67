package bedload.catalog;

import bedload.catalog.ResourceEvents.Announced;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The form of EventBridge's events, as far as the schema files say which are of a resource. */
public final class EventForm {
  private final List<ResourceType> types;

  public EventForm(List<ResourceType> types) {
    this.types = List.copyOf(types);
  }

  /**
   * Returns what an event announces; empty if it is of nothing that is collected.
   *
   * <p>What it says of the resource itself is left aside: events come late, twice and in any order,
   * and their times are in a form of their own.
   */
  public Optional<Announced> read(JsonNode event) {
    for (ResourceType type : types) {
      Optional<CollectPlan.Events> form =
          type.collect()
              .events()
              .filter(events -> events.source().equals(text(event, "source")))
              .filter(events -> events.detailType().equals(text(event, "detail-type")));
      if (form.isPresent()) {
        String key = text(event.path("detail"), form.get().key());
        String account = text(event, "account");
        String region = text(event, "region");
        return key.isEmpty() || account.isEmpty() || region.isEmpty()
            ? Optional.empty()
            : Optional.of(new Announced(type.table(), key, account, region));
      }
    }
    return Optional.empty();
  }

  private static String text(JsonNode node, String member) {
    return node.path(member).asString("");
  }
}
