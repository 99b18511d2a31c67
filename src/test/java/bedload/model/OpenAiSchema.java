package bedload.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's own form of requests, as strict servers have it: members that must be there, members
 * that may be, the type of each, and no others.
 */
public final class OpenAiSchema {
  private static final Map<String, String> CHAT =
      Map.ofEntries(
          Map.entry("model", "string"),
          Map.entry("messages", "array"),
          Map.entry("max_tokens", "integer"),
          Map.entry("max_completion_tokens", "integer"),
          Map.entry("temperature", "number"),
          Map.entry("top_p", "number"),
          Map.entry("frequency_penalty", "number"),
          Map.entry("presence_penalty", "number"),
          Map.entry("seed", "integer"),
          Map.entry("stop", "array"),
          Map.entry("tools", "array"),
          Map.entry("tool_choice", "any"),
          Map.entry("parallel_tool_calls", "boolean"),
          Map.entry("response_format", "object"),
          Map.entry("user", "string"));
  private static final Map<String, String> COMPLETION =
      Map.of(
          "model", "string",
          "prompt", "string",
          "max_tokens", "integer",
          "temperature", "number",
          "top_p", "number",
          "stop", "array");
  private static final Map<String, String> EMBEDDINGS =
      Map.of("model", "string", "input", "any", "dimensions", "integer");
  private static final Map<String, String> FUNCTION =
      Map.of(
          "name", "string", "description", "string", "parameters", "object", "strict", "boolean");

  private final List<String> faults = new ArrayList<>();

  private OpenAiSchema() {}

  /** Returns what is wrong with a request, each fault with its place; empty if nothing is. */
  public static List<String> faults(String path, JsonNode body) {
    OpenAiSchema schema = new OpenAiSchema();
    if (path.endsWith("chat/completions")) {
      schema.object("", body, CHAT, Set.of("model", "messages"));
      schema.each("messages", body.path("messages"), schema::message);
      schema.each("tools", body.path("tools"), schema::tool);
    } else if (path.endsWith("completions")) {
      schema.object("", body, COMPLETION, Set.of("model", "prompt"));
    } else if (path.endsWith("embeddings")) {
      schema.object("", body, EMBEDDINGS, Set.of("model", "input"));
    } else {
      schema.faults.add("there is no " + path);
    }
    if (body.path("stop").size() > 4) {
      schema.faults.add("stop has more than 4 elements");
    }
    return List.copyOf(schema.faults);
  }

  private interface Check {
    void of(String at, JsonNode value);
  }

  private void each(String at, JsonNode array, Check check) {
    for (int i = 0; i < array.size(); i++) {
      check.of("%s[%d]".formatted(at, i), array.get(i));
    }
  }

  private void message(String at, JsonNode message) {
    switch (message.path("role").asString("")) {
      case "system", "user" ->
          object(
              at, message, Map.of("role", "string", "content", "any"), Set.of("role", "content"));
      case "assistant" ->
          object(
              at,
              message,
              Map.of("role", "string", "content", "any", "tool_calls", "array"),
              Set.of("role"));
      case "tool" ->
          object(
              at,
              message,
              Map.of("role", "string", "content", "any", "tool_call_id", "string"),
              Set.of("role", "content", "tool_call_id"));
      default -> faults.add(at + ".role is none");
    }
    JsonNode content = message.path("content");
    if (content.isArray()) {
      each(at + ".content", content, this::part);
    } else if (!content.isString() && !message.has("tool_calls")) {
      faults.add(at + ".content is no string");
    }
    each(at + ".tool_calls", message.path("tool_calls"), this::toolCall);
  }

  private void part(String at, JsonNode part) {
    if (part.path("type").asString("").equals("image_url")) {
      object(
          at, part, Map.of("type", "string", "image_url", "object"), Set.of("type", "image_url"));
      object(
          at + ".image_url",
          part.path("image_url"),
          Map.of("url", "string", "detail", "string"),
          Set.of("url"));
    } else {
      object(at, part, Map.of("type", "string", "text", "string"), Set.of("type", "text"));
    }
  }

  private void toolCall(String at, JsonNode call) {
    object(
        at,
        call,
        Map.of("id", "string", "type", "string", "function", "object"),
        Set.of("id", "type", "function"));
    object(
        at + ".function",
        call.path("function"),
        Map.of("name", "string", "arguments", "string"),
        Set.of("name", "arguments"));
  }

  private void tool(String at, JsonNode tool) {
    object(at, tool, Map.of("type", "string", "function", "object"), Set.of("type", "function"));
    object(at + ".function", tool.path("function"), FUNCTION, Set.of("name"));
  }

  private void object(
      String at, JsonNode object, Map<String, String> members, Set<String> required) {
    if (!object.isObject()) {
      faults.add(at + " is no object");
      return;
    }
    for (String name : required) {
      if (!object.has(name)) {
        faults.add("%s.%s is missing".formatted(at, name));
      }
    }
    object
        .properties()
        .forEach(
            member -> {
              String type = members.get(member.getKey());
              if (type == null) {
                faults.add("%s.%s is unknown".formatted(at, member.getKey()));
              } else if (!is(type, member.getValue())) {
                faults.add("%s.%s is no %s".formatted(at, member.getKey(), type));
              }
            });
  }

  private static boolean is(String type, JsonNode value) {
    return switch (type) {
      case "string" -> value.isString();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> true;
    };
  }
}
