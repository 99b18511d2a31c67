package bedload.wire;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text over which a SigV4 signature is made, for every service but S3. */
final class CanonicalRequest {
  private static final Pattern SPACES = Pattern.compile(" +");

  private CanonicalRequest() {}

  /** Returns the canonical form of a request; reads its body. */
  static String of(WireRequest request, List<String> signedHeaders) {
    StringBuilder text = new StringBuilder(512);
    text.append(request.method()).append('\n');
    // The path as sent is encoded once more: a client sends %2F and signs %252F.
    text.append(PercentEncoding.encodePath(request.rawPath())).append('\n');
    text.append(query(request.rawQuery())).append('\n');
    for (String name : signedHeaders) {
      text.append(name).append(':').append(header(request.headers(name))).append('\n');
    }
    text.append('\n').append(String.join(";", signedHeaders)).append('\n');
    // Hashed here and not taken from x-amz-content-sha256: boto3 does not send it, and a claim
    // about the body is worth nothing until the body has been looked at.
    return text.append(Digests.sha256Hex(request.body())).toString();
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
