package bedload.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A stream of server-sent events, as a browser's EventSource reads them. */
public final class EventStream {
  /** What an answer that is one says of itself. */
  public static final String CONTENT_TYPE = "text/event-stream";

  /** Tells a client how long to wait before it comes again, in milliseconds. */
  public static final String RETRY = "retry: 2000";

  private final OutputStream out;

  public EventStream(OutputStream out) {
    this.out = out;
  }

  /**
   * Sends one event at once.
   *
   * @param fields each a line: a name, a colon, a value; without a name it is a comment, which
   *     shows whether anybody is still there
   * @throws IOException if nobody is
   * @throws IllegalArgumentException if a field is more than a line, of which the rest would be
   *     read as a field or an event of its own
   */
  public void send(String... fields) throws IOException {
    for (String field : fields) {
      if (field.indexOf('\n') >= 0 || field.indexOf('\r') >= 0) {
        throw new IllegalArgumentException("An event's field is one line, not: " + field);
      }
    }
    out.write((String.join("\n", fields) + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
