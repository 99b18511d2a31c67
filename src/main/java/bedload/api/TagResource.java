package bedload.api;

import bedload.ledger.Tags;
import bedload.wire.Call;
import bedload.wire.Members;
import bedload.wire.Operation;
import bedload.wire.Route;
import bedload.wire.Violations;
import java.util.Map;

/** Adds tags to a job, and gives those that it has their new values. */
public final class TagResource implements Operation {
  private static final Route ROUTE = new Route("TagResource", "POST", "/tagResource");

  private final Tags tags;

  /** Makes the operation. */
  public TagResource(Tags tags) {
    this.tags = tags;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Map<String, Object> answer(Call call) {
    Violations violations = new Violations();
    Members body = call.members(violations);
    TaggedJob job = TaggedJob.named(call, body);
    Map<String, String> added = TagList.required(body, violations);
    violations.throwIfAny();
    job.tags(tags.put(job.account(), job.region(), job.id(), added));
    return Map.of();
  }
}
