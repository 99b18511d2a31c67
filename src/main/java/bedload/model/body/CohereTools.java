package bedload.model.body;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools of a Command R body, whose parameters are described in Python's words. */
final class CohereTools {
  private CohereTools() {}

  /** Adds the tools and what calls of them gave to a request that ends with the user's message. */
  static void translate(Fields fields, ChatRequest request) {
    for (Fields.Element element : fields.list("tools")) {
      Fields tool = element.fields();
      request.tool(
          tool.requireText("name"),
          tool.text("description"),
          schema(tool.optional("parameter_definitions")),
          null);
      tool.done();
    }
    results(fields.list("tool_results"), request);
  }

  private static JsonNode schema(Fields definitions) {
    ObjectNode schema = Json.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = Json.array();
    for (String name : definitions.names()) {
      Fields definition = definitions.requireObject(name);
      ObjectNode property = properties.putObject(name);
      property.setAll(type(definition));
      String description = definition.text("description");
      if (description != null) {
        property.put("description", description);
      }
      if (definition.flag("required", false)) {
        required.add(name);
      }
      definition.done();
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  private static ObjectNode type(Fields definition) {
    String written = definition.requireText("type");
    String type = written.toLowerCase(Locale.ROOT).strip();
    ObjectNode schema = Json.object();
    if (type.startsWith("list[") && type.endsWith("]")) {
      schema.put("type", "array");
      String element = jsonType(type.substring(5, type.length() - 1));
      if (!element.isEmpty()) {
        schema.putObject("items").put("type", element);
        return schema;
      }
    }
    String plain = jsonType(type.startsWith("dict[") ? "dict" : type);
    if (plain.isEmpty()) {
      throw new UnfitBody(
          "%s has to be a type such as str, int, float, bool, list or dict, this is %s"
              .formatted(definition.at("type"), written));
    }
    return schema.put("type", plain);
  }

  private static String jsonType(String type) {
    return switch (type) {
      case "str", "string" -> "string";
      case "int", "integer" -> "integer";
      case "float", "number" -> "number";
      case "bool", "boolean" -> "boolean";
      case "list", "array" -> "array";
      case "dict", "object" -> "object";
      default -> "";
    };
  }

  /** Cohere's calls have no ids; here each result belongs to the call of its own place. */
  private static void results(List<Fields.Element> results, ChatRequest request) {
    List<JsonNode> calls = new ArrayList<>();
    List<JsonNode> outputs = new ArrayList<>();
    for (Fields.Element element : results) {
      Fields result = element.fields();
      Fields call = result.requireObject("call");
      calls.add(
          ChatRequest.toolCall(
              "call_" + calls.size(), call.requireText("name"), call.require("parameters")));
      call.done();
      JsonNode given = result.require("outputs");
      result.requireList("outputs");
      outputs.add(given);
      result.done();
    }
    if (!calls.isEmpty()) {
      request.assistant("", List.of(), calls);
      for (int i = 0; i < outputs.size(); i++) {
        request.toolResult("call_" + i, List.of(ChatRequest.text(outputs.get(i).toString())));
      }
    }
  }
}
