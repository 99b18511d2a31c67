package bedload.model;

import ai.onnxruntime.OrtException;
import bedload.job.ModelInvocationType;
import bedload.model.body.Embedding;
import bedload.model.body.Family;
import bedload.model.body.Json;
import bedload.model.body.ModelOutput;
import bedload.model.body.TitanQuestion;
import bedload.model.body.UnfitBody;
import bedload.model.minilm.MiniLm;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The in-process embedding model behind Titan's embedding body. It has 384 dimensions, which is
 * what it gives if the body names none; 256 are the first of them, scaled anew; others are refused,
 * since a padded vector would only look like what was asked for. Loaded at the first call.
 */
final class MiniLmEmbedding implements Model, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MiniLmEmbedding.class);
  private static final int SHORTER_DIMENSIONS = 256;

  private final ReentrantLock loading = new ReentrantLock();
  private volatile @Nullable MiniLm loaded;

  @Override
  public ModelReply invoke(byte[] modelInput, ModelInvocationType type)
      throws InterruptedException {
    try {
      var _ = Family.TITAN_EMBEDDING.under(type);
      TitanQuestion question = TitanQuestion.of(Json.input(modelInput));
      int dimensions = dimensions(question);
      MiniLm.TextVector text = model().embed(question.inputText());
      Embedding embedding = new Embedding(text.vector(), (long) text.tokens());
      ModelOutput output = question.answer(embedding.first(dimensions));
      return new ModelReply.Answer(output.json(), output.usage());
    } catch (UnfitBody unfit) {
      return new ModelReply.Refusal(400, unfit.getMessage());
    } catch (OrtException broken) {
      LOG.warn("The in-process embedding model failed", broken);
      return new ModelReply.Silence(
          500, "The in-process embedding model failed: " + broken.getMessage());
    }
  }

  private static int dimensions(TitanQuestion question) {
    int dimensions = question.dimensions().orElse(MiniLm.DIMENSIONS);
    if (dimensions != MiniLm.DIMENSIONS && dimensions != SHORTER_DIMENSIONS) {
      throw new UnfitBody(
          "dimensions is %d, but the model that answers here (all-MiniLM-L6-v2) has %d dimensions: ask for %d or %d, or for none"
              .formatted(dimensions, MiniLm.DIMENSIONS, MiniLm.DIMENSIONS, SHORTER_DIMENSIONS));
    }
    return dimensions;
  }

  private MiniLm model() throws InterruptedException, OrtException {
    MiniLm present = loaded;
    if (present != null) {
      return present;
    }
    loading.lockInterruptibly();
    try {
      present = loaded;
      if (present == null) {
        present = MiniLm.load();
        loaded = present;
      }
      return present;
    } finally {
      loading.unlock();
    }
  }

  @Override
  public String servedBy() {
    return "all-MiniLM-L6-v2 (quantised) in this process";
  }

  @Override
  public void close() {
    MiniLm present = loaded;
    if (present != null) {
      present.close();
    }
  }
}
