package bedload.web.query;

import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.wire.Operation;
import java.time.InstantSource;
import java.util.List;

/** The operations by which the catalog is asked over HTTP. */
public final class QueryOperations {
  private QueryOperations() {}

  /** Returns every operation. */
  public static List<Operation> over(
      ReadingDesk desk, List<ResourceType> types, InstantSource clock, Changes changes) {
    return List.of(
        new Query(desk), new SearchResources(desk, new ResourceSearch(types, clock)), changes);
  }
}
