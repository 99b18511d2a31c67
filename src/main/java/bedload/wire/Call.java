package bedload.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A call whose caller is known.
 *
 * @param requestId what names the call in the answer and in the log
 * @param parameter the parameter of the route, decoded once; empty if the route has none
 * @param query the first value of each query parameter, decoded
 * @param lastEventId the last that the caller has seen of a stream of events; empty if none
 * @param traceparent the caller's place in a trace, as sent; empty if none
 * @param body the body as sent; empty if there was none
 */
@SuppressWarnings("ArrayRecordComponent") // read once and then dropped; nobody compares calls
public record Call(
    String requestId,
    Caller caller,
    String parameter,
    Map<String, String> query,
    String lastEventId,
    String traceparent,
    byte[] body) {
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  private static final String TRACEPARENT = "traceparent";

  /** Makes a call that follows no events. */
  public Call(
      String requestId, Caller caller, String parameter, Map<String, String> query, byte[] body) {
    this(requestId, caller, parameter, query, "", "", body);
  }

  static Call of(String requestId, Caller caller, String rawParameter, WireRequest request) {
    return new Call(
        requestId,
        caller,
        decode(rawParameter, "path"),
        parseQuery(request.rawQuery()),
        request.headers(LAST_EVENT_ID).stream().findFirst().orElse(""),
        request.headers(TRACEPARENT).stream().findFirst().orElse(""),
        request.body());
  }

  /**
   * Returns the members of the body's JSON object, whose breaches of rules are put down in {@code
   * violations}. An empty body is an object without members.
   *
   * @throws CallFault SERIALIZATION if the body is not a JSON object
   */
  public Members members(Violations violations) {
    return Members.of(JsonBody.parse(body), violations);
  }

  /**
   * A plus is a space, as forms of browsers and {@code curl --data-urlencode} send it; whoever
   * means a plus sends {@code %2B}, as AWS's clients do.
   */
  private static Map<String, String> parseQuery(String rawQuery) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : rawQuery.replace("+", "%20").split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!name.isEmpty()) {
        query.putIfAbsent(
            decode(name, "query"), equals < 0 ? "" : decode(pair.substring(equals + 1), "query"));
      }
    }
    return query;
  }

  private static String decode(String encoded, String place) {
    return PercentEncoding.decode(encoded)
        .orElseThrow(
            () ->
                CallFault.validation(
                    "The %s is not percent-encoded UTF-8: '%s'"
                        .formatted(place, Excerpt.of(encoded))));
  }

  /** Returns the call without its body, for a log. */
  @Override
  public String toString() {
    return "call %s of account %s in %s: '%s' %s, body of %d bytes"
        .formatted(requestId, caller.account(), caller.region(), parameter, query, body.length);
  }
}
