package bedload.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of an {@code Authorization: AWS4-HMAC-SHA256 …} header. They are claims until the
 * signature has been compared.
 *
 * @param date the day for which the signing key was derived, as yyyyMMdd
 * @param signedHeaders names in lower case, in the order signed
 * @param signature 64 hex digits if the client is honest
 */
record SigV4Authorization(
    String accessKeyId,
    String date,
    String region,
    String service,
    List<String> signedHeaders,
    String signature) {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "([A-Za-z0-9_-]{1,128})/([0-9]{8})/([a-z0-9-]{1,20})/([a-z0-9-]{1,64})/aws4_request");

  /**
   * Returns the parts of a header.
   *
   * @throws CallFault INCOMPLETE_SIGNATURE that names every part that is missing
   */
  static SigV4Authorization parse(String header) {
    Map<String, String> parts = new HashMap<>();
    for (String part : header.substring(ALGORITHM.length()).split(",")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    String credential = parts.getOrDefault("Credential", "");
    String signedHeaders = parts.getOrDefault("SignedHeaders", "");
    String signature = parts.getOrDefault("Signature", "");
    List<String> complaints = new ArrayList<>();
    complainIfMissing(complaints, "Credential", credential);
    complainIfMissing(complaints, "Signature", signature);
    complainIfMissing(complaints, "SignedHeaders", signedHeaders);
    Matcher scope = CREDENTIAL.matcher(credential);
    if (!credential.isEmpty() && !scope.matches()) {
      complaints.add(
          "'Credential' must be KEY/YYYYMMDD/REGION/SERVICE/aws4_request, it is '%s'."
              .formatted(Excerpt.of(credential)));
    }
    if (!complaints.isEmpty()) {
      throw new CallFault(AwsError.INCOMPLETE_SIGNATURE, String.join(" ", complaints));
    }
    return new SigV4Authorization(
        scope.group(1),
        scope.group(2),
        scope.group(3),
        scope.group(4),
        List.of(signedHeaders.split(";")),
        signature);
  }

  /** Returns the scope as it stands in the string to sign. */
  String scope() {
    return date + "/" + region + "/" + service + "/aws4_request";
  }

  private static void complainIfMissing(List<String> complaints, String name, String value) {
    if (value.isEmpty()) {
      complaints.add("Authorization header requires '" + name + "' parameter.");
    }
  }
}
