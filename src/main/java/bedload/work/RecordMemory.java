package bedload.work;

import java.util.concurrent.Semaphore;

/**
 * Room in memory for the records that a node has between their reading and their outcome, over all
 * its shards: how many can be in flight at once is found by their number, and large ones would
 * otherwise fill the heap. Whoever waits is served in order, so that a large record gets its turn.
 * Thread-safe.
 */
final class RecordMemory {
  /** A record in flight is there as a line, as a tree, as a request, and with its answer. */
  private static final int COPIES = 5;

  private static final int UNIT_BYTES = 1024;

  private final int units;
  private final Semaphore free;

  /**
   * @param bytes what all records may take up together
   */
  RecordMemory(long bytes) {
    this.units = Math.clamp(bytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
    this.free = new Semaphore(units, true);
  }

  /** Returns as much room as half of the heap: the rest is for everything else that is done. */
  static RecordMemory ofHeap() {
    return new RecordMemory(Runtime.getRuntime().maxMemory() / 2);
  }

  /** Room for one record; closing it a second time is a fault. */
  interface Room extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits for room for a record.
   *
   * @param recordBytes of its line; one that is larger than all there is gets all of it
   */
  Room take(int recordBytes) throws InterruptedException {
    int wanted = (int) Math.min(units, 1 + (long) COPIES * recordBytes / UNIT_BYTES);
    free.acquire(wanted);
    return () -> free.release(wanted);
  }
}
