package bedload.trace;

import bedload.job.TokenUsage;
import java.net.URI;
import java.util.Optional;

/** One call to a model, as the trace shows it. Used by the thread that makes the call. */
public interface CallSpan {
  /** The call that the current thread makes; not bound where nothing is traced. */
  ScopedValue<CallSpan> CURRENT = ScopedValue.newInstance();

  /** A call that nobody traces. */
  CallSpan NONE =
      new CallSpan() {
        @Override
        public Optional<String> traceparent() {
          return Optional.empty();
        }

        @Override
        public void asks(Operation operation, String provider, String model) {}

        @Override
        public void sentTo(URI address) {}

        @Override
        public void answered(TokenUsage usage) {}

        @Override
        public void failed(int code, String message) {}

        @Override
        public void close() {}
      };

  /** What is asked of a model, in the words of OpenTelemetry's conventions for generative AI. */
  enum Operation {
    CHAT("chat"),
    TEXT_COMPLETION("text_completion"),
    EMBEDDINGS("embeddings");

    private final String word;

    Operation(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** Returns the call of this thread. */
  static CallSpan current() {
    return CURRENT.orElse(NONE);
  }

  /** Returns the header that tells the model server of the trace; empty if there is none. */
  Optional<String> traceparent();

  /**
   * Says what is asked of whom.
   *
   * @param provider whose form of call it is, in the conventions' words
   * @param model as the one who answers calls it
   */
  void asks(Operation operation, String provider, String model);

  /** Says where the call is sent; of several servers in turn the last counts. */
  void sentTo(URI address);

  /** The model answered. */
  void answered(TokenUsage usage);

  /** The call came to nothing. */
  void failed(int code, String message);

  /** Ends the call; one without a word of how it went was given up. */
  void close();
}
