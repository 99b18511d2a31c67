package bedload.work;

import bedload.job.AccountId;
import bedload.job.S3Uri;
import bedload.object.ObjectStore;
import bedload.object.ObjectUpload;
import bedload.object.StoredObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** A store that counts the bytes of objects that pass through its user, and may copy none. */
final class CountingStore implements ObjectStore {
  private final ObjectStore store;
  private final boolean copies;
  private long readBytes;
  private long sentBytes;

  /**
   * @param copies whether whole objects may be appended within the store
   */
  CountingStore(ObjectStore store, boolean copies) {
    this.store = store;
    this.copies = copies;
  }

  long readBytes() {
    return readBytes;
  }

  long sentBytes() {
    return sentBytes;
  }

  private InputStream counted(InputStream bytes) {
    return new FilterInputStream(bytes) {
      @Override
      public int read() throws IOException {
        int one = super.read();
        readBytes += one < 0 ? 0 : 1;
        return one;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        readBytes += Math.max(0, count);
        return count;
      }
    };
  }

  @Override
  public Optional<StoredObject> head(S3Uri object) {
    return store.head(object);
  }

  @Override
  public InputStream read(S3Uri object) {
    return counted(store.read(object));
  }

  @Override
  public InputStream read(S3Uri object, long firstByte, long endByte) {
    return counted(store.read(object, firstByte, endByte));
  }

  @Override
  public Iterable<StoredObject> list(S3Uri prefix) {
    return store.list(prefix);
  }

  @Override
  public void put(
      S3Uri object, ByteBuffer content, String contentType, Map<String, String> metadata) {
    store.put(object, content, contentType, metadata);
  }

  @Override
  public ObjectUpload upload(S3Uri object, String contentType) {
    ObjectUpload upload = store.upload(object, contentType);
    return new ObjectUpload() {
      @Override
      public void write(int oneByte) throws IOException {
        sentBytes++;
        upload.write(oneByte);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        sentBytes += length;
        upload.write(source, offset, length);
      }

      @Override
      public boolean append(StoredObject source) {
        return copies && upload.append(source);
      }

      @Override
      public void complete() {
        upload.complete();
      }

      @Override
      public void close() {
        upload.close();
      }
    };
  }

  @Override
  public int abortUploads(S3Uri prefix) {
    return store.abortUploads(prefix);
  }

  @Override
  public void delete(S3Uri object) {
    store.delete(object);
  }

  @Override
  public void deleteAll(Collection<S3Uri> objects) {
    store.deleteAll(objects);
  }

  @Override
  public ObjectStore expectingOwner(AccountId owner) {
    throw new UnsupportedOperationException("Nobody counts per owner");
  }

  @Override
  public ObjectStore encryptingWith(String kmsKeyId) {
    throw new UnsupportedOperationException("Nobody counts per key");
  }
}
