package bedload.work;

import bedload.job.AccountId;
import bedload.job.S3Uri;
import bedload.object.ObjectStore;
import bedload.object.ObjectStoreException;
import bedload.object.ObjectStoreException.Kind;
import bedload.object.ObjectUpload;
import bedload.object.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object store in memory that keeps the contract of the real one, and whose operations may fail
 * before or after they are done. For one thread.
 */
final class MemoryStore implements ObjectStore {
  /** Whose all buckets are. */
  static final AccountId OWNER = AccountId.DEFAULT;

  private static final int LONGEST_KEY_BYTES = 1024;
  private static final long SMALLEST_PART_BYTES = 5L << 20;

  /** Runs around every operation that changes or reads the store; may throw. */
  interface Fate {
    void around(Runnable operation);
  }

  @SuppressWarnings("ArrayRecordComponent") // bytes of an object; nobody compares them
  private record Held(byte[] bytes, String etag, Map<String, String> metadata) {}

  /** What all views share: of each bucket its objects, in the order of their keys' bytes. */
  private static final class Buckets {
    private final Map<String, NavigableMap<String, Held>> objects = new HashMap<>();
    private final List<Upload> uploads = new ArrayList<>();

    Buckets(Set<String> names) {
      Comparator<String> byBytes =
          (a, b) ->
              Arrays.compareUnsigned(
                  a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
      names.forEach(name -> objects.put(name, new TreeMap<>(byBytes)));
    }
  }

  private final Buckets buckets;
  private final Fate fate;
  private final @Nullable AccountId expectedOwner;

  /** Makes a store of empty buckets. */
  MemoryStore(Fate fate, Set<String> buckets) {
    this(new Buckets(buckets), fate, null);
  }

  private MemoryStore(Buckets buckets, Fate fate, @Nullable AccountId expectedOwner) {
    this.buckets = buckets;
    this.fate = fate;
    this.expectedOwner = expectedOwner;
  }

  /** Returns the same store as another sees it. */
  MemoryStore seenBy(Fate other) {
    return new MemoryStore(buckets, other, expectedOwner);
  }

  private static ObjectStoreException failure(Kind kind, String what, String why) {
    return new ObjectStoreException(kind, "Cannot %s: %s.".formatted(what, why), null);
  }

  private NavigableMap<String, Held> bucket(S3Uri place, String what) {
    if (Thread.currentThread().isInterrupted()) {
      throw failure(Kind.INTERRUPTED, what, "interrupted");
    }
    NavigableMap<String, Held> bucket = buckets.objects.get(place.bucket());
    if (bucket == null) {
      throw failure(Kind.NO_SUCH_BUCKET, what, "there is no such bucket");
    }
    if (expectedOwner != null && !expectedOwner.equals(OWNER)) {
      throw failure(Kind.ACCESS_DENIED, what, "the bucket is another account's");
    }
    return bucket;
  }

  @Override
  public Optional<StoredObject> head(S3Uri object) {
    fate.around(() -> {});
    return Optional.ofNullable(bucket(object, "look at " + object).get(object.key()))
        .map(held -> stored(object, held, held.metadata()));
  }

  private static StoredObject stored(S3Uri object, Held held, Map<String, String> metadata) {
    return new StoredObject(object, held.bytes().length, held.etag(), metadata);
  }

  private Held require(S3Uri object) {
    Held held = bucket(object, "read " + object).get(object.key());
    if (held == null) {
      throw failure(Kind.NO_SUCH_KEY, "read " + object, "there is no such object");
    }
    return held;
  }

  @Override
  public InputStream read(S3Uri object) {
    fate.around(() -> {});
    return new ByteArrayInputStream(require(object).bytes());
  }

  @Override
  public InputStream read(S3Uri object, long firstByte, long endByte) {
    fate.around(() -> {});
    byte[] bytes = require(object).bytes();
    int from = (int) Math.min(firstByte, bytes.length);
    return new ByteArrayInputStream(bytes, from, (int) Math.min(endByte, bytes.length) - from);
  }

  @Override
  public Iterable<StoredObject> list(S3Uri prefix) {
    fate.around(() -> {});
    return bucket(prefix, "list " + prefix).tailMap(prefix.key()).entrySet().stream()
        .takeWhile(entry -> entry.getKey().startsWith(prefix.key()))
        .map(
            entry -> stored(new S3Uri(prefix.bucket(), entry.getKey()), entry.getValue(), Map.of()))
        .toList();
  }

  @Override
  public void put(
      S3Uri object, ByteBuffer content, String contentType, Map<String, String> metadata) {
    byte[] bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    NavigableMap<String, Held> bucket = bucket(object, "write " + object);
    if (object.key().getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY_BYTES) {
      throw failure(Kind.REFUSED, "write " + object, "its key is too long");
    }
    fate.around(() -> bucket.put(object.key(), new Held(bytes, md5(bytes), metadata)));
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has MD5", e);
    }
  }

  @Override
  public ObjectUpload upload(S3Uri object, String contentType) {
    Upload upload = new Upload(object, contentType);
    buckets.uploads.add(upload);
    return upload;
  }

  private final class Upload extends ObjectUpload {
    private final S3Uri object;
    private final String contentType;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int sinceCopy;

    Upload(S3Uri object, String contentType) {
      this.object = object;
      this.contentType = contentType;
    }

    @Override
    public void write(int oneByte) {
      bytes.write(oneByte);
      sinceCopy++;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      bytes.write(source, offset, length);
      sinceCopy += length;
    }

    @Override
    public boolean append(StoredObject source) {
      boolean canEndPart = sinceCopy == 0 || sinceCopy >= SMALLEST_PART_BYTES;
      if (source.sizeBytes() < SMALLEST_PART_BYTES || !canEndPart) {
        return false;
      }
      fate.around(() -> {});
      Held held = require(source.uri());
      if (!held.etag().equals(source.etag())) {
        throw failure(Kind.CHANGED, "copy " + source.uri(), "the object was replaced meanwhile");
      }
      bytes.writeBytes(held.bytes());
      sinceCopy = 0;
      return true;
    }

    @Override
    public void complete() {
      if (!buckets.uploads.contains(this)) {
        throw failure(Kind.UNAVAILABLE, "complete " + object, "there is no such upload");
      }
      put(object, bytes.toByteArray(), contentType);
      buckets.uploads.remove(this);
    }

    @Override
    public void close() {
      buckets.uploads.remove(this);
    }
  }

  @Override
  public int abortUploads(S3Uri prefix) {
    bucket(prefix, "list unfinished uploads of " + prefix);
    List<Upload> found =
        buckets.uploads.stream()
            .filter(upload -> upload.object.bucket().equals(prefix.bucket()))
            .filter(upload -> upload.object.key().startsWith(prefix.key()))
            .toList();
    fate.around(() -> buckets.uploads.removeAll(found));
    return found.size();
  }

  @Override
  public void delete(S3Uri object) {
    deleteAll(List.of(object));
  }

  @Override
  public void deleteAll(Collection<S3Uri> gone) {
    fate.around(
        () -> gone.forEach(object -> bucket(object, "delete " + object).remove(object.key())));
  }

  @Override
  public ObjectStore expectingOwner(AccountId owner) {
    return new MemoryStore(buckets, fate, owner);
  }

  @Override
  public ObjectStore encryptingWith(String kmsKeyId) {
    return this;
  }
}
