package bedload.model.body;

import tools.jackson.databind.JsonNode;

/** The tools of an Anthropic body, and the form that it wants its answer in. */
final class AnthropicTools {
  private AnthropicTools() {}

  /** Adds the tools and the choice among them to a request. */
  static void translate(Fields fields, ChatRequest request) {
    for (Fields.Element element : fields.list("tools")) {
      Fields tool = element.fields();
      String type = tool.text("type");
      if (type != null && !type.equals("custom")) {
        throw AnthropicTurns.untranslated(element.path(), type);
      }
      AnthropicTurns.cacheMark(tool);
      request.tool(
          tool.requireText("name"),
          tool.text("description"),
          tool.require("input_schema"),
          tool.take("strict") == null ? null : tool.flag("strict", false));
      tool.done();
    }
    fields.inside("tool_choice", choice -> choice(choice, request));
  }

  private static void choice(Fields choice, ChatRequest request) {
    String type = choice.requireText("type");
    request.set(
        "tool_choice",
        switch (type) {
          case "auto", "none" -> Json.text(type);
          case "any" -> Json.text("required");
          case "tool" -> ChatRequest.onlyTool(choice.requireText("name"));
          default -> throw AnthropicTurns.untranslated("tool_choice", type);
        });
    if (choice.take("disable_parallel_tool_use") != null) {
      boolean parallel = !choice.flag("disable_parallel_tool_use", false);
      request.set("parallel_tool_calls", Json.object().booleanNode(parallel));
    }
  }

  /** Adds the schema that the answer has to follow to a request. */
  static void outputFormat(Fields config, ChatRequest request) {
    config.inside(
        "format",
        format -> {
          String type = format.requireText("type");
          if (!type.equals("json_schema")) {
            throw AnthropicTurns.untranslated(config.at("format"), type);
          }
          JsonNode schema = format.require("schema");
          request.answerSchema("answer", null, schema);
        });
  }
}
