package bedload.wire;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies requests that are signed in the Authorization header for the service {@code bedrock}.
 * Signing anew with an SDK and comparing would not do: the clients sign different sets of headers,
 * so the signature is computed over what each says it signed. Thread-safe.
 */
final class SigV4 {
  private static final Logger LOG = LoggerFactory.getLogger(SigV4.class);
  private static final String SERVICE = "bedrock";
  private static final Duration CLOCK_WINDOW = Duration.ofMinutes(5);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final AccessKeys keys;
  private final InstantSource clock;
  private final SigningKeys signingKeys = new SigningKeys();

  SigV4(AccessKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** Says whether a header is one of this scheme. */
  static boolean claims(String authorization) {
    return authorization.startsWith(SigV4Authorization.ALGORITHM);
  }

  /**
   * Returns who signed the request. Reads the body last, after everything that the headers alone
   * can show.
   *
   * @throws CallFault if the signature is incomplete, of another time or place, by an unknown key,
   *     or wrong
   */
  Caller verify(WireRequest request, String authorization) {
    SigV4Authorization claim = SigV4Authorization.parse(authorization);
    checkScope(claim);
    String stamp = checkTime(claim, request.headers("x-amz-date"));
    AccessKey key =
        keys.find(claim.accessKeyId())
            .orElseThrow(() -> unrecognized("no access key " + claim.accessKeyId() + " is known"));
    checkSessionToken(key.sessionToken(), request.headers("x-amz-security-token"));

    List<String> forms = CanonicalRequest.forms(request, claim.signedHeaders());
    byte[] signingKey = signingKeys.key(key.secret(), claim);
    if (forms.stream().noneMatch(form -> fits(form, stamp, claim, signingKey))) {
      LOG.debug("A signature of {} does not fit this request:\n{}", key, forms.getFirst());
      throw invalid(
          "The request signature we calculated does not match the signature you provided. Check"
              + " your AWS Secret Access Key and signing method.");
    }
    return new Caller(key.account(), claim.region());
  }

  private static boolean fits(
      String canonicalRequest, String stamp, SigV4Authorization claim, byte[] signingKey) {
    String stringToSign =
        String.join(
            "\n",
            SigV4Authorization.ALGORITHM,
            stamp,
            claim.scope(),
            Digests.sha256Hex(canonicalRequest));
    String expected = HexFormat.of().formatHex(Digests.hmac(signingKey, stringToSign));
    return Digests.equalInConstantTime(expected, claim.signature());
  }

  private static void checkScope(SigV4Authorization claim) {
    if (!claim.service().equals(SERVICE)) {
      throw invalid(
          "Credential should be scoped to correct service: '%s', it is scoped to '%s'."
              .formatted(SERVICE, claim.service()));
    }
    // Without it a signature would be as good at any other server that has the same key.
    if (!claim.signedHeaders().contains("host")) {
      throw invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.");
    }
  }

  private String checkTime(SigV4Authorization claim, List<String> stamps) {
    if (stamps.size() != 1) {
      throw new CallFault(
          AwsError.INCOMPLETE_SIGNATURE, "A signed request requires one 'X-Amz-Date' header.");
    }
    String stamp = stamps.getFirst();
    Instant signed = instant(stamp);
    Instant now = clock.instant();
    if (signed.isBefore(now.minus(CLOCK_WINDOW))) {
      throw invalid(
          "Signature expired: %s is more than 5 minutes before the server's time %s. Check the clock."
              .formatted(stamp, STAMP.format(now)));
    }
    if (signed.isAfter(now.plus(CLOCK_WINDOW))) {
      throw invalid(
          "Signature not yet current: %s is more than 5 minutes after the server's time %s. Check the clock."
              .formatted(stamp, STAMP.format(now)));
    }
    if (!stamp.startsWith(claim.date())) {
      throw invalid(
          "Date in Credential scope does not match the date of the request: '%s', '%s'."
              .formatted(claim.date(), stamp));
    }
    return stamp;
  }

  private static Instant instant(String stamp) {
    try {
      return Instant.from(STAMP.parse(stamp));
    } catch (DateTimeException e) {
      throw new CallFault(
          AwsError.INCOMPLETE_SIGNATURE,
          "Date must be in the form yyyyMMdd'T'HHmmss'Z', 'X-Amz-Date' is '%s'."
              .formatted(Excerpt.of(stamp)));
    }
  }

  private static void checkSessionToken(@Nullable String expected, List<String> sent) {
    if (expected != null
        && !(sent.size() == 1 && Digests.equalInConstantTime(expected, sent.getFirst()))) {
      throw unrecognized("the access key needs its session token");
    }
  }

  private static CallFault invalid(String message) {
    return new CallFault(AwsError.INVALID_SIGNATURE, message);
  }

  private static CallFault unrecognized(String reason) {
    return new CallFault(
        AwsError.UNRECOGNIZED_CLIENT,
        "The security token included in the request is invalid: %s.".formatted(reason));
  }
}
