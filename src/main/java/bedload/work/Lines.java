package bedload.work;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream, ended by line feeds alone: U+2028 and U+0085 occur inside JSON strings.
 * Knows where each line stands, and holds one line at a time. Not thread-safe.
 */
final class Lines implements Closeable {
  /**
   * The longest line that is taken, in bytes; a longer one is passed over and said to be too long.
   */
  static final int LONGEST_LINE_BYTES = 32 << 20;

  private static final int FIRST_BUFFER_BYTES = 1 << 16;

  private final InputStream stream;
  private final int longestBytes;
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int start;
  private int scanned;
  private int filled;
  private long position;
  private boolean ended;

  Lines(InputStream stream) {
    this(stream, LONGEST_LINE_BYTES);
  }

  Lines(InputStream stream, int longestBytes) {
    this.stream = stream;
    this.longestBytes = longestBytes;
  }

  /**
   * One line.
   *
   * @param firstByte where it begins in the stream
   * @param endByte where it ends, line feed included
   * @param bytes its content without line feed and without a carriage return before it; null if it
   *     is too long
   */
  @SuppressWarnings("ArrayRecordComponent") // a line is handed on, never compared
  record Line(long firstByte, long endByte, byte @Nullable [] bytes) {
    /** Says whether there is nothing to read in it. */
    boolean isBlank() {
      if (bytes == null) {
        return false;
      }
      for (byte b : bytes) {
        if (b != ' ' && b != '\t' && b != '\r') {
          return false;
        }
      }
      return true;
    }
  }

  /** Returns the next line, or null at the end of the stream. */
  @Nullable Line next() throws IOException {
    while (true) {
      int feed = indexOfFeed();
      if (feed >= 0) {
        return take(feed, feed + 1);
      }
      if (ended) {
        return start == filled ? null : take(filled, filled);
      }
      if (filled - start > longestBytes) {
        return passOver();
      }
      fill();
    }
  }

  private int indexOfFeed() {
    for (int i = scanned; i < filled; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    scanned = filled;
    return -1;
  }

  private Line take(int contentEnd, int lineEnd) {
    int from = start;
    int to = contentEnd > from && buffer[contentEnd - 1] == '\r' ? contentEnd - 1 : contentEnd;
    byte @Nullable [] bytes =
        to - from > longestBytes ? null : Arrays.copyOfRange(buffer, from, to);
    Line line = new Line(position, position + (lineEnd - from), bytes);
    position += lineEnd - from;
    start = lineEnd;
    scanned = lineEnd;
    return line;
  }

  private Line passOver() throws IOException {
    long firstByte = position;
    while (true) {
      position += filled - start;
      start = 0;
      scanned = 0;
      filled = 0;
      fill();
      int feed = indexOfFeed();
      if (feed >= 0 || ended) {
        int lineEnd = feed >= 0 ? feed + 1 : filled;
        position += lineEnd - start;
        start = lineEnd;
        scanned = lineEnd;
        return new Line(firstByte, position, null);
      }
    }
  }

  private void fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, filled - start);
      filled -= start;
      scanned -= start;
      start = 0;
    }
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int read = stream.read(buffer, filled, buffer.length - filled);
    if (read < 0) {
      ended = true;
    } else {
      filled += read;
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
