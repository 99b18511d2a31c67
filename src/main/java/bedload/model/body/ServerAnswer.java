package bedload.model.body;

import bedload.job.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chat completion or a completion of a prompt, as an OpenAI-compatible server gave it.
 *
 * @param id the server's, else one that follows from the answer
 * @param model the server's name for the model; null if it gave none
 * @param reasoning what the model thought before; empty if the server shows none
 * @param text what was written; empty if there were tool calls only
 * @param stopSequence the sequence that ended it; null if the server did not say
 */
record ServerAnswer(
    String id,
    @Nullable String model,
    String reasoning,
    String text,
    List<ToolCall> toolCalls,
    Finish finish,
    @Nullable String stopSequence,
    TokenUsage usage) {

  ServerAnswer {
    toolCalls = List.copyOf(toolCalls);
  }

  /**
   * A call of a tool that the model wants made.
   *
   * @param input the arguments, an object
   */
  record ToolCall(String id, String name, JsonNode input) {}

  /**
   * Reads the answer of chat/completions.
   *
   * @throws UnusableAnswer if it has no choice, or one that makes no sense
   */
  static ServerAnswer ofChat(byte[] bytes) {
    JsonNode answer = Json.answer(bytes);
    JsonNode choice = firstChoice(answer);
    JsonNode message = choice.path("message");
    if (!message.isObject()) {
      throw new UnusableAnswer("The answer's choices[0] has no message");
    }
    List<ToolCall> calls = new ArrayList<>();
    for (JsonNode call : message.path("tool_calls")) {
      calls.add(toolCall(call));
    }
    if (message.path("content").isNull() && message.path("refusal").isString()) {
      return refused(bytes, answer, message.get("refusal").stringValue());
    }
    JsonNode content = message.path("content");
    if (!content.isString() && calls.isEmpty() && !content.isNull()) {
      throw new UnusableAnswer(
          "The answer's choices[0].message.content has to be a string, it is "
              + Json.kind(content));
    }
    return of(bytes, answer, choice, content.asString(""), calls);
  }

  private static ServerAnswer refused(byte[] bytes, JsonNode answer, String words) {
    ObjectNode choice = Json.object().put("finish_reason", "content_filter");
    return of(bytes, answer, choice, words, List.of());
  }

  /**
   * Reads the answer of completions.
   *
   * @throws UnusableAnswer if it has no choice with a text
   */
  static ServerAnswer ofCompletion(byte[] bytes) {
    JsonNode answer = Json.answer(bytes);
    JsonNode choice = firstChoice(answer);
    JsonNode text = choice.path("text");
    if (!text.isString()) {
      throw new UnusableAnswer(
          "The answer's choices[0].text has to be a string, it is " + Json.kind(text));
    }
    return of(bytes, answer, choice, text.stringValue(), List.of());
  }

  private static ServerAnswer of(
      byte[] bytes, JsonNode answer, JsonNode choice, String text, List<ToolCall> calls) {
    JsonNode stopped = choice.path("stop_reason");
    String stopSequence = stopped.isString() ? stopped.stringValue() : null;
    String id = answer.path("id").asString("");
    return new ServerAnswer(
        id.isEmpty() ? UUID.nameUUIDFromBytes(bytes).toString() : id,
        answer.path("model").isString() ? answer.path("model").stringValue() : null,
        reasoning(choice.path("message")),
        text,
        calls,
        finish(choice, calls, stopSequence),
        stopSequence,
        ServerUsage.of(answer));
  }

  /** Servers have agreed on neither of the two names. */
  private static String reasoning(JsonNode message) {
    String content = message.path("reasoning_content").asString("");
    return content.isEmpty() ? message.path("reasoning").asString("") : content;
  }

  private static Finish finish(
      JsonNode choice, List<ToolCall> calls, @Nullable String stopSequence) {
    Finish finish = Finish.ofServer(choice.path("finish_reason").asString(""));
    if (finish == Finish.END && !calls.isEmpty()) {
      // Some servers say stop where the tool calls are the end.
      return Finish.TOOL_USE;
    }
    return finish == Finish.END && stopSequence != null ? Finish.STOP_SEQUENCE : finish;
  }

  private static JsonNode firstChoice(JsonNode answer) {
    JsonNode choice = answer.path("choices").path(0);
    if (!choice.isObject()) {
      throw new UnusableAnswer("The answer has no choices[0]");
    }
    return choice;
  }

  private static ToolCall toolCall(JsonNode call) {
    JsonNode function = call.path("function");
    String arguments = function.path("arguments").asString("");
    JsonNode input =
        arguments.isBlank()
            ? Json.object()
            : Json.answer(arguments.getBytes(StandardCharsets.UTF_8));
    String name = function.path("name").asString("");
    if (name.isEmpty()) {
      throw new UnusableAnswer("The answer calls a tool without a name");
    }
    return new ToolCall(call.path("id").asString(name), name, input);
  }
}
