package bedload.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Tokens that say where a list goes on. They are opaque and cannot be made up: each is signed
 * together with the question to which it belongs, so that another account's token, or one of
 * another question, is worth nothing. Thread-safe.
 */
public final class PageTokens {
  private static final int MAC_CHARS = 32;

  private final byte[] key;

  /**
   * Takes the secret.
   *
   * @param key at least 16 bytes of chance; the same on every node and after every restart, or
   *     clients that are in the middle of a list must begin anew
   */
  public PageTokens(byte[] key) {
    if (key.length < 16) {
      throw new IllegalArgumentException("A key of paging tokens needs 16 bytes or more");
    }
    this.key = key.clone();
  }

  /**
   * Returns the token of a position.
   *
   * @param question all that must be the same when the token comes back
   */
  public String seal(String question, String position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((mac(question, position) + position).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns the position of a token.
   *
   * @throws CallFault VALIDATION if the token was not made here, or for another question
   */
  public String open(String question, String token) {
    String content = decode(token);
    if (content.length() > MAC_CHARS) {
      String position = content.substring(MAC_CHARS);
      if (Digests.equalInConstantTime(mac(question, position), content.substring(0, MAC_CHARS))) {
        return position;
      }
    }
    throw CallFault.validation(
        "The nextToken is not one that this service gave for this account, region and filters.");
  }

  private String mac(String question, String position) {
    // The length keeps the seam between question and position where it was.
    return HexFormat.of()
        .formatHex(Digests.hmac(key, question.length() + " " + question + position))
        .substring(0, MAC_CHARS);
  }

  private static String decode(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
