package bedload.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Percent-encoding as SigV4 prescribes it: everything but A-Z a-z 0-9 - . _ ~ is encoded. */
final class PercentEncoding {
  private static final HexFormat UPPER_HEX = HexFormat.of().withUpperCase();
  private static final String UNRESERVED_SIGNS = "-._~";

  private PercentEncoding() {}

  /** Returns the text encoded, slashes included. */
  static String encode(String text) {
    return encode(text, "");
  }

  /** Returns a path encoded once more as it stands, its slashes kept. */
  static String encodePath(String rawPath) {
    return encode(rawPath, "/");
  }

  /**
   * Returns the text decoded once; empty if a percent sign is not followed by two hex digits or the
   * bytes are not UTF-8. A plus sign stays one.
   */
  static Optional<String> decode(String text) {
    if (text.indexOf('%') < 0) {
      return Optional.of(text);
    }
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] != '%') {
        decoded.write(encoded[i]);
      } else if (i + 2 < encoded.length && isHex(encoded[i + 1]) && isHex(encoded[i + 2])) {
        decoded.write(
            HexFormat.fromHexDigit(encoded[i + 1]) << 4 | HexFormat.fromHexDigit(encoded[i + 2]));
        i += 2;
      } else {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(decoded.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isHex(byte octet) {
    return HexFormat.isHexDigit(octet);
  }

  private static String encode(String text, String kept) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char sign = (char) (octet & 0xff);
      if (isUnreserved(sign) || kept.indexOf(sign) >= 0) {
        encoded.append(sign);
      } else {
        encoded.append('%').append(UPPER_HEX.toHexDigits(octet));
      }
    }
    return encoded.toString();
  }

  private static boolean isUnreserved(char sign) {
    return isBetween('a', sign, 'z')
        || isBetween('A', sign, 'Z')
        || isBetween('0', sign, '9')
        || UNRESERVED_SIGNS.indexOf(sign) >= 0;
  }

  private static boolean isBetween(char first, char sign, char last) {
    return first <= sign && sign <= last;
  }
}
