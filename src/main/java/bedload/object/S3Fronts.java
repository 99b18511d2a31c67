package bedload.object;

import bedload.object.awssdk.ObjectSpace;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The handlers of the two ways to name a bucket: in the path, or in the name of the host. */
final class S3Fronts {
  private final S3Front byPath;
  private final Map<String, S3Front> byDomain;

  /**
   * Makes them.
   *
   * @param domains in small letters; a host under one of them is a bucket
   */
  S3Fronts(ObjectSpace space, KeyRing keys, List<String> domains) {
    this.byPath = new S3Front(space, keys, null);
    this.byDomain =
        domains.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(), domain -> new S3Front(space, keys, domain)));
  }

  /**
   * Answers the request, or throws what is to be said instead.
   *
   * @throws IOException if client or disk fail
   */
  void handle(HttpServletRequest request, HttpServletResponse response, InputStream body)
      throws IOException {
    of(request).handle(request, response, body);
  }

  /** Answers with an error in S3's form, unless an answer has begun already. */
  void refuse(
      HttpServletRequest request,
      HttpServletResponse response,
      int status,
      String code,
      String message)
      throws IOException {
    of(request).refuse(request, response, status, code, message);
  }

  private S3Front of(HttpServletRequest request) {
    String host = request.getServerName().toLowerCase(Locale.ROOT);
    return byDomain.entrySet().stream()
        .filter(domain -> host.endsWith("." + domain.getKey()))
        .max(Map.Entry.comparingByKey(Comparator.comparingInt(String::length)))
        .map(Map.Entry::getValue)
        .orElse(byPath);
  }
}
