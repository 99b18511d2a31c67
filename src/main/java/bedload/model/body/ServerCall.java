package bedload.model.body;

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
}
