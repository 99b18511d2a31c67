package bedload.api;

import bedload.ledger.Tags;
import bedload.wire.Call;
import bedload.wire.Members;
import bedload.wire.Operation;
import bedload.wire.Route;
import bedload.wire.Violations;
import java.util.List;
import java.util.Map;

/** Takes tags off a job by their keys. A key that the job has not is no fault. */
public final class UntagResource implements Operation {
  private static final Route ROUTE = new Route("UntagResource", "POST", "/untagResource");
  private static final int MAX_KEYS = 200;

  private final Tags tags;

  /** Makes the operation. */
  public UntagResource(Tags tags) {
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
    List<String> keys = body.requiredTexts("tagKeys", 0, MAX_KEYS, MemberRules.TAG_KEY);
    violations.throwIfAny();
    job.tags(tags.remove(job.account(), job.region(), job.id(), keys));
    return Map.of();
  }
}
