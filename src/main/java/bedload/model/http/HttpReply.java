package bedload.model.http;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A whole answer of a server.
 *
 * @param headers by name in lower case; of a repeated header the last
 */
@SuppressWarnings(
    "ArrayRecordComponent") // bytes of an answer travel uncopied; nobody compares replies
public record HttpReply(int status, Map<String, String> headers, byte[] body) {
  public HttpReply {
    headers = Map.copyOf(headers);
  }

  /** Returns a header's value, whatever the case of its name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
