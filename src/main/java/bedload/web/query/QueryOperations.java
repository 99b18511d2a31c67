package bedload.web.query;

import bedload.catalog.ReadingDesk;
import bedload.wire.Operation;
import java.util.List;

/** The operations by which the catalog is asked over HTTP. */
public final class QueryOperations {
  private QueryOperations() {}

  /** Returns every operation. */
  public static List<Operation> over(ReadingDesk desk) {
    return List.of(new Query(desk));
  }
}
