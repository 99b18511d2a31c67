package bedload.model.minilm;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The call of ONNX Runtime alone, in a loop on as many threads as the model has workers: what no
 * service over it can beat. For the measurement of what the service adds.
 */
public final class EmbeddingBench {
  private EmbeddingBench() {}

  /**
   * Returns the seconds that the texts take when nothing but the runtime is called, their tokens
   * being there already.
   */
  public static double bareSeconds(MiniLm model, List<String> texts)
      throws InterruptedException, OrtException {
    List<long[]> ids = texts.stream().map(model::ids).toList();
    int loops = MiniLm.workerCount();
    long began = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(loops)) {
      List<Future<Integer>> running = new ArrayList<>();
      for (int loop = 0; loop < loops; loop++) {
        int first = loop;
        running.add(
            threads.submit(
                () -> {
                  int computed = 0;
                  for (int i = first; i < ids.size(); i += loops) {
                    computed += model.vector(ids.get(i)).length;
                  }
                  return computed;
                }));
      }
      for (Future<Integer> each : running) {
        each.get();
      }
    } catch (ExecutionException broken) {
      if (broken.getCause() instanceof OrtException runtime) {
        throw runtime;
      }
      throw new IllegalStateException("A text could not be embedded", broken.getCause());
    }
    return (System.nanoTime() - began) / 1e9;
  }
}
