package bedload.api;

import bedload.ledger.Tags;
import bedload.wire.Call;
import bedload.wire.Operation;
import bedload.wire.Route;
import bedload.wire.Violations;
import java.util.List;
import java.util.Map;

/** Lists the tags of a job, in the order in which they came. */
public final class ListTagsForResource implements Operation {
  private static final Route ROUTE =
      new Route("ListTagsForResource", "POST", "/listTagsForResource");

  private final Tags tags;

  /** Makes the operation. */
  public ListTagsForResource(Tags tags) {
    this.tags = tags;
  }

  /** The body of the answer. */
  public record Response(List<Tag> tags) {}

  /** One tag of it. */
  public record Tag(String key, String value) {}

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Response answer(Call call) {
    Violations violations = new Violations();
    TaggedJob job = TaggedJob.named(call, call.members(violations));
    violations.throwIfAny();
    Map<String, String> found = job.tags(tags.of(job.account(), job.region(), job.id()));
    return new Response(
        found.entrySet().stream().map(tag -> new Tag(tag.getKey(), tag.getValue())).toList());
  }
}
