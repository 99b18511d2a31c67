package bedload.catalog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;

/**
 * An array in the form in which PostgreSQL sends and takes it in binary: nothing is quoted here and
 * parsed there. What follows the head is, for each element, its length and its bytes; the length of
 * null is -1.
 */
final class ArrayBytes {
  private static final int HEAD_LENGTH = 5 * Integer.BYTES;
  private static final int DIMENSIONS = 1;
  private static final int NULL_LENGTH = -1;

  /** From where PostgreSQL counts the microseconds of its times. */
  private static final long EPOCH_SECOND = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long NANOS_PER_MICRO = 1_000;

  private final Element element;
  private ByteBuffer bytes;
  private int length;
  private boolean isEmpty = true;
  private boolean hasNulls;

  /** A type that elements can be sent as. */
  enum Element {
    TEXT("text", Oid.TEXT, Oid.TEXT_ARRAY),
    TIMESTAMP("timestamptz", Oid.TIMESTAMPTZ, Oid.TIMESTAMPTZ_ARRAY),
    INT32("integer", Oid.INT4, Oid.INT4_ARRAY),
    INT64("bigint", Oid.INT8, Oid.INT8_ARRAY),
    BOOLEAN("boolean", Oid.BOOL, Oid.BOOL_ARRAY);

    private final String sqlType;
    private final int oid;
    private final int arrayOid;

    Element(String sqlType, int oid, int arrayOid) {
      this.sqlType = sqlType;
      this.oid = oid;
      this.arrayOid = arrayOid;
    }

    /** Returns how values of an SQL type are sent: as they are, or else as texts. */
    static Element of(String sqlType) {
      return Arrays.stream(values())
          .filter(element -> element.sqlType.equals(sqlType))
          .findFirst()
          .orElse(TEXT);
    }

    String sqlType() {
      return sqlType;
    }

    int arrayOid() {
      return arrayOid;
    }
  }

  /**
   * @param capacity how many bytes there is room for at first
   */
  ArrayBytes(Element element, int capacity) {
    this.element = element;
    this.bytes = ByteBuffer.allocate(HEAD_LENGTH + capacity).position(HEAD_LENGTH);
  }

  /** Adds an element, which has to be of the array's type. */
  void add(@Nullable Object value) {
    length++;
    if (value == null) {
      hasNulls = true;
      room(0).putInt(NULL_LENGTH);
      return;
    }
    isEmpty = false;
    switch (element) {
      case TEXT -> {
        byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
        room(text.length).putInt(text.length).put(text);
      }
      case TIMESTAMP -> room(Long.BYTES).putInt(Long.BYTES).putLong(micros((Instant) value));
      case INT32 -> room(Integer.BYTES).putInt(Integer.BYTES).putInt(((Number) value).intValue());
      case INT64 -> room(Long.BYTES).putInt(Long.BYTES).putLong(((Number) value).longValue());
      case BOOLEAN -> room(1).putInt(1).put((byte) ((Boolean) value ? 1 : 0));
    }
  }

  private static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(
            Math.subtractExact(time.getEpochSecond(), EPOCH_SECOND), MICROS_PER_SECOND),
        time.getNano() / NANOS_PER_MICRO);
  }

  /** Returns the buffer with room for the length of an element and so many bytes. */
  private ByteBuffer room(int more) {
    int wanted = Integer.BYTES + more;
    if (bytes.remaining() < wanted) {
      int capacity = Math.max(2 * bytes.capacity(), bytes.position() + wanted);
      bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), capacity)).position(bytes.position());
    }
    return bytes;
  }

  /** Returns the array; an empty one if all elements are null. */
  byte[] finish() {
    bytes
        .putInt(0, isEmpty ? 0 : DIMENSIONS)
        .putInt(Integer.BYTES, hasNulls && !isEmpty ? 1 : 0)
        .putInt(2 * Integer.BYTES, element.oid);
    if (isEmpty) {
      return Arrays.copyOf(bytes.array(), 3 * Integer.BYTES);
    }
    bytes.putInt(3 * Integer.BYTES, length).putInt(4 * Integer.BYTES, 1);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
