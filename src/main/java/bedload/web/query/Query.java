package bedload.web.query;

import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Operation;
import bedload.wire.Route;

/** A question in SQL, answered with the rows that the caller's account may see. */
public final class Query implements Operation {
  private static final Route ROUTE = new Route("Query", "POST", "/v1/query");

  private final ReadingDesk desk;

  /** Makes the operation. */
  public Query(ReadingDesk desk) {
    this.desk = desk;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Object answer(Call call) {
    QueryRequest request = QueryRequest.read(call);
    try {
      return request.format().write(desk.ask(call.caller().account(), request.ask()));
    } catch (QuestionFault fault) {
      throw CallFault.validation(fault.sentence());
    }
  }
}
