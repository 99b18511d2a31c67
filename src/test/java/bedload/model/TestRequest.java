package bedload.model;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request as the test server read it. */
public record TestRequest(String method, String path, Map<String, String> headers, JsonNode body) {
  /** Reads the next request of a connection; null if the client has closed it. */
  static @Nullable TestRequest read(InputStream in) throws IOException {
    String start = line(in);
    if (start == null) {
      return null;
    }
    String[] words = start.split(" ");
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("The client closed within its request");
    }
    return new TestRequest(
        words[0], words[1], Map.copyOf(headers), JsonMapper.shared().readTree(body));
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    if (c < 0) {
      return null;
    }
    while (c >= 0 && c != '\n') {
      if (c != '\r') {
        line.append((char) c);
      }
      c = in.read();
    }
    return line.toString();
  }

  /**
   * Returns what a call is known by in the log: the last message's text, the prompt or the input.
   */
  public String id() {
    JsonNode messages = body.path("messages");
    JsonNode text =
        messages.isEmpty()
            ? body.path(body.has("prompt") ? "prompt" : "input")
            : messages.get(messages.size() - 1).path("content");
    String id = text.isString() ? text.stringValue() : text.toString();
    return id.replaceAll("\\s+", " ");
  }

  /** Returns the text as its bytes. */
  byte[] idBytes() {
    return id().getBytes(StandardCharsets.UTF_8);
  }
}
