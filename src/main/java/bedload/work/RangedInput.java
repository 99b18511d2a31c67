package bedload.work;

import bedload.job.S3Uri;
import bedload.object.ObjectStore;
import java.io.IOException;
import java.io.InputStream;

/**
 * A byte range of an object, fetched block by block: a shard is read as slowly as its model
 * answers, and no object store keeps a connection open for hours. Not thread-safe.
 */
final class RangedInput extends InputStream {
  private static final int BLOCK_BYTES = 1 << 20;

  private final ObjectStore store;
  private final S3Uri object;
  private final long endByte;
  private long nextByte;
  private byte[] block = new byte[0];
  private int at;

  RangedInput(ObjectStore store, S3Uri object, long firstByte, long endByte) {
    this.store = store;
    this.object = object;
    this.nextByte = firstByte;
    this.endByte = endByte;
  }

  @Override
  public int read() throws IOException {
    return hasMore() ? block[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!hasMore()) {
      return -1;
    }
    int count = Math.min(length, block.length - at);
    System.arraycopy(block, at, target, offset, count);
    at += count;
    return count;
  }

  private boolean hasMore() throws IOException {
    if (at < block.length) {
      return true;
    }
    if (nextByte >= endByte) {
      return false;
    }
    long blockEnd = Math.min(endByte, nextByte + BLOCK_BYTES);
    try (InputStream bytes = store.read(object, nextByte, blockEnd)) {
      block = bytes.readAllBytes();
    }
    if (block.length != blockEnd - nextByte) {
      throw new IOException(
          "%s: wanted bytes %d to %d, got %d of them"
              .formatted(object, nextByte, blockEnd, block.length));
    }
    nextByte = blockEnd;
    at = 0;
    return true;
  }
}
