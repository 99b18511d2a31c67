package bedload.model.body;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text as a model sees it.
 *
 * @param vector as the model gives it, of whatever length
 * @param tokens how many tokens the model read; null if nobody said
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read once; nobody compares embeddings
public record Embedding(float[] vector, @Nullable Long tokens) {
  /** Returns the embedding with its first dimensions only. */
  public Embedding first(int dimensions) {
    return new Embedding(Arrays.copyOf(vector, dimensions), tokens);
  }

  /** Returns the embedding with a vector of length 1; one that is all zero stays so. */
  Embedding normalized() {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    if (squares == 0) {
      return this;
    }
    double length = Math.sqrt(squares);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return new Embedding(unit, tokens);
  }
}
