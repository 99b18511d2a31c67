package bedload.model;

import ai.onnxruntime.OrtException;
import bedload.job.ModelInvocationType;
import bedload.model.body.EmbeddingQuestion;
import bedload.model.body.Family;
import bedload.model.body.Json;
import bedload.model.body.ModelOutput;
import bedload.model.body.UnfitBody;
import bedload.model.minilm.MiniLm;
import bedload.trace.CallSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The in-process embedding model behind a family's embedding body. It has 384 dimensions, which is
 * what it gives if the body names none; 256 are the first of them, scaled anew; others are refused,
 * since a padded vector would only look like what was asked for.
 */
final class MiniLmEmbedding implements Model {
  private static final Logger LOG = LoggerFactory.getLogger(MiniLmEmbedding.class);
  private static final int SHORTER_DIMENSIONS = 256;

  private final MiniLmLoader weights;
  private final Family family;

  /**
   * Makes the model.
   *
   * @param family one that embeds
   */
  MiniLmEmbedding(MiniLmLoader weights, Family family) {
    this.weights = weights;
    this.family = family;
  }

  @Override
  public ModelReply invoke(byte[] modelInput, ModelInvocationType type)
      throws InterruptedException {
    try {
      var _ = family.under(type);
      EmbeddingQuestion question = EmbeddingQuestion.of(family, Json.input(modelInput));
      int dimensions = dimensions(question);
      CallSpan.current().asks(CallSpan.Operation.EMBEDDINGS, "bedload", "all-MiniLM-L6-v2");
      MiniLm model = weights.model();
      List<float[]> vectors = new ArrayList<>();
      long tokens = 0;
      for (String text : question.texts()) {
        MiniLm.TextVector embedded = model.embed(text);
        vectors.add(shortened(embedded.vector(), dimensions));
        tokens += embedded.tokens();
      }
      ModelOutput output = question.answer(vectors, tokens);
      return new ModelReply.Answer(output.json(), output.usage());
    } catch (UnfitBody unfit) {
      return new ModelReply.Refusal(400, unfit.getMessage());
    } catch (OrtException broken) {
      LOG.warn("The in-process embedding model failed", broken);
      return new ModelReply.Silence(
          500, "The in-process embedding model failed: " + broken.getMessage());
    }
  }

  private static float[] shortened(float[] vector, int dimensions) {
    return dimensions == vector.length ? vector : Arrays.copyOf(vector, dimensions);
  }

  private static int dimensions(EmbeddingQuestion question) {
    int dimensions = question.dimensions().orElse(MiniLm.DIMENSIONS);
    if (dimensions != MiniLm.DIMENSIONS && dimensions != SHORTER_DIMENSIONS) {
      throw new UnfitBody(
          "dimensions is %d, but the model that answers here (all-MiniLM-L6-v2) has %d dimensions: ask for %d or %d, or for none"
              .formatted(dimensions, MiniLm.DIMENSIONS, MiniLm.DIMENSIONS, SHORTER_DIMENSIONS));
    }
    return dimensions;
  }

  @Override
  public String servedBy() {
    return "all-MiniLM-L6-v2 (quantised) in this process";
  }
}
