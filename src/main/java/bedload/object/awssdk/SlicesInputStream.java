package bedload.object.awssdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads stretches of several files as one stream, with one file open at a time. */
final class SlicesInputStream extends InputStream {
  private static final int TRANSFER_BYTES = 128 * 1024;

  private final Deque<Slice> rest;
  private final Function<UUID, Path> pathOf;
  private final Runnable afterwards;
  private @Nullable FileChannel current;
  private long currentLeft;
  private boolean closed;

  /**
   * Opens the first file.
   *
   * @param slices what to read, in order; not empty
   * @param afterwards runs once, when the stream is closed
   */
  SlicesInputStream(List<Slice> slices, Function<UUID, Path> pathOf, Runnable afterwards)
      throws IOException {
    this.rest = new ArrayDeque<>(slices);
    this.pathOf = pathOf;
    this.afterwards = afterwards;
    openNext();
  }

  private void openNext() throws IOException {
    Slice slice = rest.removeFirst();
    FileChannel file = FileChannel.open(pathOf.apply(slice.file()), StandardOpenOption.READ);
    current = file;
    currentLeft = slice.sizeBytes();
    file.position(slice.firstByte());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    if (closed) {
      throw new IOException("The stream is closed");
    }
    while (currentLeft == 0) {
      if (rest.isEmpty()) {
        return -1;
      }
      closeCurrent();
      openNext();
    }
    int count =
        Objects.requireNonNull(current)
            .read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, currentLeft)));
    if (count < 0) {
      // The row says more than the disk has: damage, which must not pass for a short object.
      throw new IOException("A file of the object is " + currentLeft + " bytes too short");
    }
    currentLeft -= count;
    return count;
  }

  @Override
  public long transferTo(OutputStream target) throws IOException {
    byte[] buffer = new byte[TRANSFER_BYTES];
    long total = 0;
    for (int count; (count = read(buffer, 0, buffer.length)) >= 0; total += count) {
      target.write(buffer, 0, count);
    }
    return total;
  }

  private void closeCurrent() throws IOException {
    FileChannel file = current;
    current = null;
    if (file != null) {
      file.close();
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      rest.clear();
      currentLeft = 0;
      try {
        closeCurrent();
      } finally {
        afterwards.run();
      }
    }
  }
}
