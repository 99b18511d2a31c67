package bedload.model.body;

import tools.jackson.databind.node.ObjectNode;

/** The answer to a prompt where families have a list of one completion, under different names. */
final class PromptAnswer {
  private PromptAnswer() {}

  /** Returns the output whose list has this name, from a server's completion. */
  static ModelOutput in(String list, byte[] answer) {
    ServerAnswer read = ServerAnswer.ofCompletion(answer);
    ObjectNode output = Json.object();
    output
        .putArray(list)
        .addObject()
        .put("text", read.text())
        .put("stop_reason", read.finish() == Finish.LENGTH ? "length" : "stop");
    return new ModelOutput(Json.write(output), read.usage());
  }
}
