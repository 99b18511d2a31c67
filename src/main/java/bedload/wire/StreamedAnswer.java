package bedload.wire;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An answer without a foreseeable end: an {@link Operation} may return one in place of an object.
 *
 * @param contentType with the character set, where that is not said by the type
 * @param writing writes it, on the thread of the request, until there is no more or nobody reads
 */
public record StreamedAnswer(String contentType, Writing writing) {
  /** Writes an answer. */
  public interface Writing {
    /** Writes all of it; an exception of the stream means that nobody is there any more. */
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }
}
