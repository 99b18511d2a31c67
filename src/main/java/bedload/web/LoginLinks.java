package bedload.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Links that log a browser in. A link is made by whoever has an account's secret key, without
 * asking the service: it says for which account, until when, and a word that is in no other link,
 * all under the key's HMAC. That it counts once is {@link Sessions}' business.
 */
public final class LoginLinks {
  /** How long a link lives, so that one in a log or a scrollback is soon worth nothing. */
  public static final Duration LIFE = Duration.ofHours(1);

  private static final String ALGORITHM = "HmacSHA256";
  private static final String PURPOSE = "bedload login ";

  private LoginLinks() {}

  /**
   * What a link says.
   *
   * @param word is in no other link
   */
  record Link(String account, Instant expires, String word) {}

  /** Returns a new link to the pages at a URL. */
  public static String make(
      String url, String account, String secretKey, Instant now, RandomGenerator random) {
    String content =
        "%s.%d.%016x".formatted(account, now.plus(LIFE).getEpochSecond(), random.nextLong());
    return "%s/login?link=%s.%s".formatted(url, content, seal(content, secretKey));
  }

  /**
   * Returns what a link says; empty if it is none of ours or too old.
   *
   * @param secretKeys the secret key of an account, if there is one
   */
  static Optional<Link> read(
      String link, Function<String, Optional<String>> secretKeys, Instant now) {
    String[] parts = link.split("\\.", -1);
    if (parts.length != 4 || !parts[1].matches("[0-9]{1,12}")) {
      return Optional.empty();
    }
    String content = link.substring(0, link.lastIndexOf('.'));
    Instant expires = Instant.ofEpochSecond(Long.parseLong(parts[1]));
    return secretKeys
        .apply(parts[0])
        .filter(key -> isSame(seal(content, key), parts[3]))
        .filter(key -> now.isBefore(expires))
        .map(key -> new Link(parts[0], expires, parts[2]));
  }

  private static boolean isSame(String left, String right) {
    return MessageDigest.isEqual(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private static String seal(String content, String secretKey) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      byte[] seal = mac.doFinal((PURPOSE + content).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(seal);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
    }
  }
}
