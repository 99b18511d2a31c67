package bedload.object;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The remaining bytes of a buffer as a stream, without a copy and without moving the buffer. */
final class BufferStream extends InputStream {
  private final ByteBuffer rest;

  BufferStream(ByteBuffer buffer) {
    this.rest = buffer.duplicate();
    // The SDK marks the beginning and comes back when it sends a body again.
    this.rest.mark();
  }

  @Override
  public int read() {
    return rest.hasRemaining() ? rest.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!rest.hasRemaining()) {
      return -1;
    }
    int count = Math.min(length, rest.remaining());
    rest.get(target, offset, count);
    return count;
  }

  @Override
  public int available() {
    return rest.remaining();
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  // The SDK marks and resets from the one thread that sends.
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  @Override
  public void mark(int readLimit) {
    rest.mark();
  }

  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  @Override
  public void reset() {
    rest.reset();
  }
}
