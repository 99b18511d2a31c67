package bedload.command;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Turns a call that carries {@link #INSTEAD} into that call to the catalog, before it is signed. So
 * it goes to the same endpoint, with the same keys, retries and faults as every other, wherever the
 * SDK found those.
 */
final class SearchCalls implements ExecutionInterceptor {
  /** What is called instead. */
  static final ExecutionAttribute<Ask> INSTEAD = new ExecutionAttribute<>("bedload.instead");

  /**
   * A call to the catalog.
   *
   * @param body empty for a GET
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes go on uncopied; nobody compares calls
  record Ask(SdkHttpMethod method, String path, Map<String, String> query, byte[] body) {
    Ask {
      query = Map.copyOf(query);
    }
  }

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    Ask ask = attributes.getAttribute(INSTEAD);
    if (ask == null) {
      return context.httpRequest();
    }
    SdkHttpRequest.Builder request =
        context.httpRequest().toBuilder()
            .method(ask.method())
            .encodedPath(ask.path())
            .clearQueryParameters();
    ask.query().forEach(request::putRawQueryParameter);
    if (ask.body().length > 0) {
      request
          .putHeader("Content-Type", "application/json")
          .putHeader("Content-Length", Integer.toString(ask.body().length));
    }
    return request.build();
  }

  @Override
  public Optional<RequestBody> modifyHttpContent(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    Ask ask = attributes.getAttribute(INSTEAD);
    return ask == null || ask.body().length == 0
        ? context.requestBody()
        : Optional.of(RequestBody.fromBytes(ask.body()));
  }
}
