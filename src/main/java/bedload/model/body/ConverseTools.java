package bedload.model.body;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** The tools of a Converse body, and the form that it wants its answer in. */
final class ConverseTools {
  private ConverseTools() {}

  /** Adds the tools and the choice among them to a request. */
  static void translate(Fields config, ChatRequest request) {
    for (Fields.Element element : config.requireList("tools")) {
      Fields tool = element.fields();
      if (!ConverseTurns.cacheMark(tool)) {
        Fields spec = tool.requireObject("toolSpec");
        Fields schema = spec.requireObject("inputSchema");
        request.tool(
            spec.requireText("name"),
            spec.text("description"),
            schema.require("json"),
            spec.take("strict") == null ? null : spec.flag("strict", false));
        schema.done();
        spec.done();
      }
      tool.done();
    }
    config.inside("toolChoice", choice -> choice(choice, request));
  }

  private static void choice(Fields choice, ChatRequest request) {
    choice.inside("auto", _ -> request.set("tool_choice", Json.text("auto")));
    choice.inside("any", _ -> request.set("tool_choice", Json.text("required")));
    choice.inside(
        "tool", tool -> request.set("tool_choice", ChatRequest.onlyTool(tool.requireText("name"))));
  }

  /** Adds the schema that the answer has to follow to a request. */
  static void outputFormat(Fields config, ChatRequest request) {
    config.inside(
        "textFormat",
        format -> {
          String type = format.requireText("type");
          if (!type.equals("json_schema")) {
            throw new UnfitBody(
                "%s has to be json_schema, this is %s".formatted(format.at("type"), type));
          }
          Fields structure = format.requireObject("structure");
          Fields wanted = structure.requireObject("jsonSchema");
          String name = wanted.text("name");
          request.answerSchema(
              name == null ? "answer" : name, wanted.text("description"), schema(wanted));
          wanted.done();
          structure.done();
        });
  }

  /** Converse has the schema as a text that holds JSON. */
  private static JsonNode schema(Fields wanted) {
    try {
      return Json.answer(wanted.requireText("schema").getBytes(StandardCharsets.UTF_8));
    } catch (UnusableAnswer notJson) {
      throw new UnfitBody(wanted.at("schema") + " has to hold a JSON object");
    }
  }
}
