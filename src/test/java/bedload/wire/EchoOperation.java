package bedload.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An operation that answers with what reached it. */
record EchoOperation(Route route) implements Operation {
  static final Route GET = new Route("GetThing", "GET", "/thing/{id}");
  static final Route LIST = new Route("ListThings", "GET", "/things");
  static final Route MAKE = new Route("MakeThing", "POST", "/thing");
  static final Route STOP = new Route("StopThing", "POST", "/thing/{id}/stop");

  /** Returns an operation of each kind of route. */
  static List<Operation> all() {
    return List.of(
        new EchoOperation(GET),
        new EchoOperation(LIST),
        new EchoOperation(MAKE),
        new EchoOperation(STOP));
  }

  @Override
  public Object answer(Call call) {
    if (call.parameter().equals("broken")) {
      throw new IllegalStateException("the secret reason");
    }
    if (route.equals(MAKE)) {
      Violations violations = new Violations();
      call.members(violations).requiredText("name", TextRule.ANY);
      violations.throwIfAny();
    }
    Map<String, Object> echo = new TreeMap<>();
    echo.put("operation", route.operation());
    echo.put("account", call.caller().account());
    echo.put("region", call.caller().region());
    echo.put("parameter", call.parameter());
    echo.put("query", call.query());
    echo.put("body", new String(call.body(), StandardCharsets.UTF_8));
    return echo;
  }
}
