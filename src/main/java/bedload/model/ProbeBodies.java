package bedload.model;

import bedload.model.body.Family;
import java.nio.charset.StandardCharsets;

/** The smallest body of each family that makes a model do something. */
final class ProbeBodies {
  private ProbeBodies() {}

  /** Returns a body that asks for a word or two, or for the embedding of one. */
  static byte[] of(Family family) {
    return text(family).strip().getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Family family) {
    return switch (family) {
      case ANTHROPIC_MESSAGES ->
          """
          {"anthropic_version":"bedrock-2023-05-31","max_tokens":8,"messages":[{"role":"user","content":"Say yes."}]}
          """;
      case OPENAI_CHAT ->
          """
          {"max_tokens":8,"messages":[{"role":"user","content":"Say yes."}]}
          """;
      case CONVERSE, NOVA ->
          """
          {"messages":[{"role":"user","content":[{"text":"Say yes."}]}],"inferenceConfig":{"maxTokens":8}}
          """;
      case TITAN_TEXT ->
          """
          {"inputText":"Say yes.","textGenerationConfig":{"maxTokenCount":8}}
          """;
      case TITAN_EMBEDDING ->
          """
          {"inputText":"gravel"}
          """;
      case COHERE_COMMAND_R ->
          """
          {"message":"Say yes.","max_tokens":8}
          """;
      case COHERE_COMMAND ->
          """
          {"prompt":"Say yes.","max_tokens":8}
          """;
      case COHERE_EMBED ->
          """
          {"texts":["gravel"],"input_type":"search_document"}
          """;
      case LLAMA ->
          """
          {"prompt":"Say yes.","max_gen_len":8}
          """;
      case MISTRAL_PROMPT ->
          """
          {"prompt":"<s>[INST]Say yes.[/INST]","max_tokens":8}
          """;
      case DEEPSEEK_R1 ->
          """
          {"prompt":"<｜begin▁of▁sentence｜><｜User｜>Say yes.<｜Assistant｜>","max_tokens":8}
          """;
    };
  }
}
