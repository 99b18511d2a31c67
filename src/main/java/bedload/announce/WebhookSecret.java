package bedload.announce;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a webhook's calls are signed with, so that its receiver knows whom they are from. */
public final class WebhookSecret {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String BASE64_PREFIX = "whsec_";
  private static final int FEWEST_BYTES = 16;

  private final byte[] key;

  private WebhookSecret(byte[] key) {
    this.key = key;
  }

  /**
   * Reads a secret: {@code whsec_} and its bytes in base64, or a text that is taken as it is.
   *
   * @throws IllegalArgumentException if it is shorter than 16 bytes, or no base64
   */
  public static WebhookSecret parse(String text) {
    String secret = text.strip();
    byte[] key =
        secret.startsWith(BASE64_PREFIX)
            ? Base64.getDecoder().decode(secret.substring(BASE64_PREFIX.length()))
            : secret.getBytes(StandardCharsets.UTF_8);
    if (key.length < FEWEST_BYTES) {
      throw new IllegalArgumentException(
          "a webhook's secret has at least %d bytes, this has %d"
              .formatted(FEWEST_BYTES, key.length));
    }
    return new WebhookSecret(key);
  }

  /** Returns the header's value: the version of the scheme, and an HMAC over id, time and body. */
  String signature(String id, long seconds, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      byte[] signed = (id + "." + seconds + "." + body).getBytes(StandardCharsets.UTF_8);
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "WebhookSecret";
  }
}
