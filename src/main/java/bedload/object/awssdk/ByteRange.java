package bedload.object.awssdk;

import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;

/** The bytes of an object from the first up to, without it, the end. */
record ByteRange(long firstByte, long endByte) {
  private static final String UNIT = "bytes=";

  long sizeBytes() {
    return endByte - firstByte;
  }

  /**
   * Reads a Range header: {@code bytes=2-5}, {@code bytes=2-} or, for the last five, {@code
   * bytes=-5}.
   *
   * @throws S3ProxyException if it is none of these or holds no byte of the object
   */
  static ByteRange parse(String header, long objectBytes) {
    int dash = header.indexOf('-');
    if (!header.startsWith(UNIT) || dash < 0) {
      throw new S3ProxyException(S3ErrorCode.INVALID_ARGUMENT, "Not a range: " + header);
    }
    String first = header.substring(UNIT.length(), dash);
    String last = header.substring(dash + 1);
    try {
      ByteRange range =
          first.isEmpty()
              ? new ByteRange(Math.max(0, objectBytes - Long.parseLong(last)), objectBytes)
              : new ByteRange(
                  Long.parseLong(first),
                  last.isEmpty()
                      ? objectBytes
                      : Math.min(objectBytes - 1, Long.parseLong(last)) + 1);
      if (range.sizeBytes() <= 0) {
        throw new S3ProxyException(S3ErrorCode.INVALID_RANGE);
      }
      return range;
    } catch (NumberFormatException e) {
      throw new S3ProxyException(S3ErrorCode.INVALID_ARGUMENT, "Not a range: " + header, e);
    }
  }
}
