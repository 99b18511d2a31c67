package bedload.work;

import bedload.job.AccountId;
import bedload.job.S3Uri;
import bedload.object.ObjectStore;
import bedload.object.ObjectStoreException;
import bedload.object.ObjectUpload;
import bedload.object.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** An object store in memory, whose operations may fail before or after they are done. */
final class MemoryStore implements ObjectStore {
  /** Runs around every operation that changes or reads the store; may throw. */
  interface Fate {
    void around(Runnable operation);
  }

  @SuppressWarnings("ArrayRecordComponent") // bytes of an object; nobody compares them
  private record Held(byte[] bytes, Map<String, String> metadata) {}

  // Keys are ASCII here, for which the order of strings is the order of bytes.
  private final NavigableMap<String, Held> objects;
  private final Fate fate;

  /** Makes an empty store. */
  MemoryStore(Fate fate) {
    this(new TreeMap<>(), fate);
  }

  private MemoryStore(NavigableMap<String, Held> objects, Fate fate) {
    this.objects = objects;
    this.fate = fate;
  }

  /** Returns the same store as another sees it. */
  MemoryStore seenBy(Fate other) {
    return new MemoryStore(objects, other);
  }

  @Override
  public Optional<StoredObject> head(S3Uri object) {
    fate.around(() -> {});
    return Optional.ofNullable(objects.get(object.toString())).map(held -> stored(object, held));
  }

  private static StoredObject stored(S3Uri object, Held held) {
    return new StoredObject(
        object, held.bytes().length, Integer.toHexString(held.hashCode()), held.metadata());
  }

  @Override
  public InputStream read(S3Uri object) {
    fate.around(() -> {});
    Held held = objects.get(object.toString());
    if (held == null) {
      throw new ObjectStoreException(
          ObjectStoreException.Kind.NO_SUCH_KEY, "There is no " + object, null);
    }
    return new ByteArrayInputStream(held.bytes());
  }

  @Override
  public InputStream read(S3Uri object, long firstByte, long endByte) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Iterable<StoredObject> list(S3Uri prefix) {
    fate.around(() -> {});
    String from = prefix.toString();
    return objects.subMap(from, from + Character.MAX_VALUE).entrySet().stream()
        .map(entry -> stored(S3Uri.parse(entry.getKey()), entry.getValue()))
        .toList();
  }

  @Override
  public void put(
      S3Uri object, ByteBuffer content, String contentType, Map<String, String> metadata) {
    byte[] bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    fate.around(() -> objects.put(object.toString(), new Held(bytes, metadata)));
  }

  @Override
  public ObjectUpload upload(S3Uri object, String contentType) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return new ObjectUpload() {
      @Override
      public void write(int oneByte) {
        bytes.write(oneByte);
      }

      @Override
      public void complete() {
        put(object, bytes.toByteArray(), contentType);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(S3Uri object) {
    deleteAll(List.of(object));
  }

  @Override
  public void deleteAll(Collection<S3Uri> gone) {
    fate.around(() -> gone.forEach(object -> objects.remove(object.toString())));
  }

  @Override
  public ObjectStore expectingOwner(AccountId owner) {
    return this;
  }

  @Override
  public ObjectStore encryptingWith(String kmsKeyId) {
    return this;
  }
}
