package bedload.wire;

import java.util.List;
import java.util.Optional;

/**
 * Where an operation is reached: a method and a path of whole segments, of which one may stand in
 * braces for a parameter, such as {@code /model-invocation-job/{jobIdentifier}/stop}.
 *
 * @param operation the operation's name, as AWS names it
 * @param uri the path, beginning with a slash
 */
public record Route(String operation, String method, String uri) {
  private static final String ARN = "arn:";

  public Route {
    if (!uri.startsWith("/") || uri.indexOf('{') != uri.lastIndexOf('{')) {
      throw new IllegalArgumentException(
          "A route is a path from the root with one parameter at most, this is '" + uri + "'");
    }
  }

  /** Returns the first segment, which no page may have. */
  String root() {
    return segments(uri).getFirst();
  }

  /**
   * Returns the parameter, percent-encoded as sent, or the empty text for a route without one;
   * empty if the path is another's.
   *
   * <p>A parameter is one segment. Only an ARN may run over several: AWS's clients send its slash
   * as %2F, people who write a request by hand do not.
   */
  Optional<String> match(String method, String rawPath) {
    if (!this.method.equals(method) || !rawPath.startsWith("/")) {
      return Optional.empty();
    }
    int brace = uri.indexOf('{');
    if (brace < 0) {
      return uri.equals(rawPath) ? Optional.of("") : Optional.empty();
    }
    String before = uri.substring(0, brace);
    String after = uri.substring(uri.indexOf('}') + 1);
    if (rawPath.length() <= before.length() + after.length()
        || !rawPath.startsWith(before)
        || !rawPath.endsWith(after)) {
      return Optional.empty();
    }
    String parameter = rawPath.substring(before.length(), rawPath.length() - after.length());
    return parameter.indexOf('/') < 0 || parameter.startsWith(ARN)
        ? Optional.of(parameter)
        : Optional.empty();
  }

  static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }
}
