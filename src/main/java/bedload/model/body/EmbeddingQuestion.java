package bedload.model.body;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A body that asks for the embeddings of texts. */
public sealed interface EmbeddingQuestion permits TitanQuestion, CohereQuestion {
  /** Returns the texts, at least one. */
  List<String> texts();

  /** Returns how long the vectors are to be; empty for as long as the model has them. */
  OptionalInt dimensions();

  /**
   * Returns the answer in the form of the body's family.
   *
   * @param embeddings one for each text in their order, of the length that is wanted
   * @param tokens how many tokens the model read of all texts; null if nobody said
   */
  ModelOutput answer(List<float[]> embeddings, @Nullable Long tokens);

  /**
   * Reads a body.
   *
   * @param family one that embeds
   * @throws UnfitBody if it is not of that family
   */
  static EmbeddingQuestion of(Family family, JsonNode modelInput) {
    return switch (family) {
      case TITAN_EMBEDDING -> TitanQuestion.of(Fields.of(modelInput));
      case COHERE_EMBED -> CohereQuestion.of(Fields.of(modelInput));
      case ANTHROPIC_MESSAGES,
          OPENAI_CHAT,
          CONVERSE,
          NOVA,
          TITAN_TEXT,
          COHERE_COMMAND_R,
          COHERE_COMMAND,
          LLAMA,
          MISTRAL_PROMPT,
          DEEPSEEK_R1 ->
          throw new IllegalArgumentException(family + " does not embed");
    };
  }
}
