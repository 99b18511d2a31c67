package bedload.wire;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text over which a SigV4 signature is made, for every service but S3. */
final class CanonicalRequest {
  private static final Pattern SPACES = Pattern.compile(" +");

  private CanonicalRequest() {}

  /**
   * Returns the forms of a request of which a client may have signed one; reads its body. The first
   * is SigV4's. The others are for clients that do not write a query anew before they sign it; in
   * each the request is bound to the same path and body, and to the same parameters but for a plus
   * sign, which some take for itself and some for a space.
   */
  static List<String> forms(WireRequest request, List<String> signedHeaders) {
    String bodyDigest = Digests.sha256Hex(request.body());
    String raw = request.rawQuery();
    Set<String> queries = new LinkedHashSet<>();
    queries.add(query(raw));
    queries.add(query(raw.replace("+", "%20")));
    if (PercentEncoding.encodePath(request.rawPath()).equals(request.rawPath())) {
      // curl 7 signs the query as it stands, neither sorted nor encoded.
      queries.add(raw);
    }
    return queries.stream().map(query -> of(request, query, signedHeaders, bodyDigest)).toList();
  }

  private static String of(
      WireRequest request, String query, List<String> signedHeaders, String bodyDigest) {
    StringBuilder text = new StringBuilder(512);
    text.append(request.method()).append('\n');
    // The path as sent is encoded once more: a client sends %2F and signs %252F.
    text.append(PercentEncoding.encodePath(request.rawPath())).append('\n');
    text.append(query).append('\n');
    for (String name : signedHeaders) {
      text.append(name).append(':').append(header(request.headers(name))).append('\n');
    }
    text.append('\n').append(String.join(";", signedHeaders)).append('\n');
    // Hashed here and not taken from x-amz-content-sha256: boto3 does not send it, and a claim
    // about the body is worth nothing until the body has been looked at.
    return text.append(bodyDigest).toString();
  }

  private static String header(List<String> values) {
    return values.stream()
        .map(value -> SPACES.matcher(value.strip()).replaceAll(" "))
        .collect(Collectors.joining(","));
  }

  private static String query(String rawQuery) {
    if (rawQuery.isEmpty()) {
      return "";
    }
    return Arrays.stream(rawQuery.split("&"))
        .filter(pair -> !pair.isEmpty())
        .map(CanonicalRequest::parameter)
        .sorted(Comparator.comparing(Parameter::name).thenComparing(Parameter::value))
        .map(parameter -> parameter.name + "=" + parameter.value)
        .collect(Collectors.joining("&"));
  }

  /** A query parameter, both halves in canonical encoding. */
  private record Parameter(String name, String value) {}

  private static Parameter parameter(String pair) {
    int equals = pair.indexOf('=');
    return equals < 0
        ? new Parameter(canonical(pair), "")
        : new Parameter(
            canonical(pair.substring(0, equals)), canonical(pair.substring(equals + 1)));
  }

  private static String canonical(String encoded) {
    return PercentEncoding.encode(
        PercentEncoding.decode(encoded)
            .orElseThrow(
                () ->
                    CallFault.validation(
                        "The query is not percent-encoded UTF-8: '%s'"
                            .formatted(Excerpt.of(encoded)))));
  }
}
