package bedload.model;

import ai.onnxruntime.OrtException;
import bedload.model.minilm.MiniLm;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The in-process model's weights: loaded when they are first wanted, and kept. Thread-safe. */
final class MiniLmLoader implements AutoCloseable {
  private final ReentrantLock loading = new ReentrantLock();
  private volatile @Nullable MiniLm loaded;

  /** Returns the model; the first call takes some tenths of a second. */
  MiniLm model() throws InterruptedException, OrtException {
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
  public void close() {
    MiniLm present = loaded;
    if (present != null) {
      present.close();
    }
  }
}
