package bedload.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes back over the wire.
 *
 * @param body JSON, unless the headers say otherwise
 * @param stream what takes the place of the body; null if the body is all
 */
@SuppressWarnings("ArrayRecordComponent") // written once and then dropped; nobody compares answers
record Answer(
    int status, Map<String, String> headers, byte[] body, StreamedAnswer.@Nullable Writing stream) {
  private static final String REQUEST_ID = "x-amzn-RequestId";
  private static final String ERROR_TYPE = "x-amzn-ErrorType";
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String JSON = "application/json";

  private Answer(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, null);
  }

  static Answer ok(String requestId, Object result) {
    if (result instanceof StreamedAnswer(String contentType, StreamedAnswer.Writing writing)) {
      return new Answer(
          200,
          Map.of(REQUEST_ID, requestId, CONTENT_TYPE, contentType, "Cache-Control", "no-store"),
          new byte[0],
          writing);
    }
    if (result instanceof Accepted) {
      return new Answer(202, Map.of(REQUEST_ID, requestId), new byte[0]);
    }
    if (result instanceof Document(String contentType, byte[] body)) {
      return new Answer(200, Map.of(REQUEST_ID, requestId, CONTENT_TYPE, contentType), body);
    }
    return new Answer(
        200,
        Map.of(REQUEST_ID, requestId, CONTENT_TYPE, JSON),
        WireJson.MAPPER.writeValueAsBytes(result));
  }

  static Answer fault(String requestId, CallFault fault) {
    return fault(
        requestId,
        fault.error().status(),
        fault.error().wireName(),
        fault.sentence(),
        fault.members());
  }

  static Answer fault(String requestId, AwsError error, String sentence) {
    return fault(requestId, error.status(), error.wireName(), sentence);
  }

  static Answer fault(String requestId, int status, String errorType, String sentence) {
    return fault(requestId, status, errorType, sentence, Map.of());
  }

  private static Answer fault(
      String requestId,
      int status,
      String errorType,
      String sentence,
      Map<String, String> members) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("message", sentence);
    body.putAll(members);
    return new Answer(
        status,
        Map.of(REQUEST_ID, requestId, CONTENT_TYPE, JSON, ERROR_TYPE, errorType),
        WireJson.MAPPER.writeValueAsBytes(body));
  }
}
