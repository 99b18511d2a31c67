package bedload.web.source;

import bedload.catalog.EventForm;
import bedload.catalog.ResourceEvents;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Operation;
import bedload.wire.Route;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes EventBridge's events, one or a list, from an API destination whose key is the account's
 * bearer key. What is not of a collected resource is counted and left aside, for a fault would only
 * have it sent again.
 */
final class PutEvents implements Operation {
  private static final Route ROUTE = new Route("PutEvents", "POST", "/v1/events/aws");
  private static final int MOST_EVENTS = 1000;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final EventForm form;
  private final ResourceEvents events;

  /** What became of the events. */
  private record Counts(int accepted, int ignored) {}

  PutEvents(EventForm form, ResourceEvents events) {
    this.form = form;
    this.events = events;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Object answer(Call call) {
    List<JsonNode> sent = sent(call.body());
    int accepted = 0;
    for (JsonNode event : sent) {
      boolean isOurs =
          form.read(event)
              .map(announced -> events.accept(call.caller().account(), announced))
              .orElse(false);
      accepted += isOurs ? 1 : 0;
    }
    return new Counts(accepted, sent.size() - accepted);
  }

  private static List<JsonNode> sent(byte[] body) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JacksonException e) {
      throw CallFault.validation("The body must be an event of EventBridge, or a list of them.");
    }
    List<JsonNode> sent = new ArrayList<>();
    if (root.isArray()) {
      root.forEach(sent::add);
    } else {
      sent.add(root);
    }
    if (sent.size() > MOST_EVENTS || !sent.stream().allMatch(JsonNode::isObject)) {
      throw CallFault.validation(
          "The body must be an event of EventBridge, or a list of at most %d of them."
              .formatted(MOST_EVENTS));
    }
    return sent;
  }
}
