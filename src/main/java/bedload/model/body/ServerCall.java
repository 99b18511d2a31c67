package bedload.model.body;

import bedload.trace.CallSpan;

/**
 * What is sent to an OpenAI-compatible server for a record.
 *
 * @param path below the server's base URL, without a leading slash
 */
@SuppressWarnings("ArrayRecordComponent") // bytes travel uncopied; nobody compares calls
public record ServerCall(String path, byte[] body) {
  static final String CHAT = "chat/completions";
  static final String COMPLETIONS = "completions";
  static final String EMBEDDINGS = "embeddings";

  /** Returns what is asked. */
  public CallSpan.Operation operation() {
    return switch (path) {
      case CHAT -> CallSpan.Operation.CHAT;
      case EMBEDDINGS -> CallSpan.Operation.EMBEDDINGS;
      case COMPLETIONS -> CallSpan.Operation.TEXT_COMPLETION;
      default -> throw new IllegalStateException("Nothing is asked at " + path);
    };
  }
}
