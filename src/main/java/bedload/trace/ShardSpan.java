package bedload.trace;

/** One claim of a shard by this node, as the trace shows it. Thread-safe. */
public interface ShardSpan {
  /** A claim that nobody traces. */
  ShardSpan NONE =
      new ShardSpan() {
        @Override
        public CallSpan call(long record) {
          return CallSpan.NONE;
        }

        @Override
        public void failed(String message) {}

        @Override
        public void close() {}
      };

  /**
   * Begins a call for a record.
   *
   * @param record the number of the record within its input object, from 0
   */
  CallSpan call(long record);

  /** The claim came to nothing. */
  void failed(String message);

  /** Ends the claim. */
  void close();
}
