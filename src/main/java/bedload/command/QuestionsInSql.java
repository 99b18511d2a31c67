package bedload.command;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a call that carries {@link #QUESTION} into a question to the catalog, before it is signed.
 * So the question goes to the same endpoint, with the same keys and the same retries as every other
 * call, wherever the SDK found those.
 */
final class QuestionsInSql implements ExecutionInterceptor {
  /** What is asked instead. */
  static final ExecutionAttribute<Question> QUESTION = new ExecutionAttribute<>("bedload.question");

  private static final String PATH = "/v1/query";
  private static final int MOST_ROWS = 10_000;

  /**
   * A statement and what its {@code $1} is.
   *
   * @param texts an array of texts
   */
  record Question(String sql, List<String> texts) {
    Question {
      texts = List.copyOf(texts);
    }

    private byte[] body() {
      ObjectNode body = JsonMapper.shared().createObjectNode().put("sql", sql);
      body.put("row_limit", MOST_ROWS);
      texts.forEach(body.putArray("params").addArray()::add);
      return JsonMapper.shared().writeValueAsBytes(body);
    }
  }

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    Question question = attributes.getAttribute(QUESTION);
    if (question == null) {
      return context.httpRequest();
    }
    return context.httpRequest().toBuilder()
        .method(SdkHttpMethod.POST)
        .encodedPath(PATH)
        .clearQueryParameters()
        .putHeader("Content-Type", "application/json")
        .putHeader("Content-Length", Integer.toString(question.body().length))
        .build();
  }

  @Override
  public Optional<RequestBody> modifyHttpContent(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    Question question = attributes.getAttribute(QUESTION);
    return question == null
        ? context.requestBody()
        : Optional.of(RequestBody.fromBytes(question.body()));
  }
}
