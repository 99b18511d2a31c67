package bedload.catalog;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** How names and texts are written into generated SQL. */
final class Sql {
  /** PostgreSQL cuts longer names silently, and two may then be one. */
  static final int MAX_NAME_BYTES = 63;

  private static final int HASH_LENGTH = 9;

  private Sql() {}

  /** Returns the name in quotes, so that a column may be called what SQL reserves. */
  static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Returns the text as a literal. */
  static String literal(String text) {
    return text.indexOf('\\') < 0
        ? "'" + text.replace("'", "''") + "'"
        : "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** Returns the name as it is if it fits, else its beginning with a checksum of the whole. */
  static String fitting(String name) {
    if (name.length() <= MAX_NAME_BYTES) {
      return name;
    }
    CRC32 checksum = new CRC32();
    checksum.update(name.getBytes(StandardCharsets.UTF_8));
    return "%s_%08x"
        .formatted(name.substring(0, MAX_NAME_BYTES - HASH_LENGTH), checksum.getValue());
  }
}
