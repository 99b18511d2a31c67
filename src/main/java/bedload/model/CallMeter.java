package bedload.model;

import java.time.Duration;

/** Counts the calls to what answers for a model. Thread-safe. */
public interface CallMeter {
  /** Counts nothing. */
  CallMeter NONE =
      new CallMeter() {
        @Override
        public void called(ModelReply reply, Duration took) {}

        @Override
        public void retried() {}
      };

  /** A call came back with this reply. */
  void called(ModelReply reply, Duration took);

  /** A record's call has to be made once more. */
  void retried();
}
