package bedload.wire;

import java.util.List;

/**
 * A request as it stands on the wire, before anybody has decoded anything: signatures are made over
 * these very characters, and an ARN in a path is one segment only as long as nobody decodes it.
 */
interface WireRequest {
  /** Returns the method, in capitals. */
  String method();

  /** Returns the path, still percent-encoded. */
  String rawPath();

  /** Returns what follows the question mark, still percent-encoded; empty if there is none. */
  String rawQuery();

  /** Returns the values of a header in the order sent, whatever the case of its name. */
  List<String> headers(String name);

  /**
   * Returns the body; reads it at the first call, so that a caller who is refused by the headers
   * alone never makes the server read.
   *
   * @throws CallFault if it is longer than a call may be
   */
  byte[] body();
}
