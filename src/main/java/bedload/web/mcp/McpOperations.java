package bedload.web.mcp;

import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.wire.Operation;
import java.time.InstantSource;
import java.util.List;

/** The operations by which agents ask the catalog. */
public final class McpOperations {
  private McpOperations() {}

  /**
   * Returns every operation.
   *
   * @param desk where accounts ask for all that they may see
   * @param maskedDesk where they ask and see nothing that users fed
   * @param version of this service
   */
  public static List<Operation> over(
      ReadingDesk desk,
      ReadingDesk maskedDesk,
      List<ResourceType> types,
      InstantSource clock,
      String version) {
    return List.of(
        new McpEndpoint(desk, maskedDesk, new CatalogTools(types, clock), version),
        new NoStream("GET"),
        new NoStream("DELETE"));
  }
}
