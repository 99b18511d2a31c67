package bedload.object;

import bedload.job.AccountId;
import bedload.job.S3Uri;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * S3 as one account may use it. All methods block; all are safe for use by many threads; all throw
 * {@link ObjectStoreException} if the store does not do what they say, after some attempts if that
 * may help. An interrupt of the calling thread ends them.
 */
public interface ObjectStore {
  /**
   * Returns the object with its metadata; empty if there is none. A missing bucket is a failure,
   * not an absence.
   */
  Optional<StoredObject> head(S3Uri object);

  /**
   * Opens the whole object. A connection that breaks is made anew where it broke, so the stream may
   * be read as slowly as need be; it always gives the bytes of one version of the object. Its
   * methods throw {@link ObjectStoreException} too.
   */
  InputStream read(S3Uri object);

  /**
   * Opens a stretch of the object, as {@link #read(S3Uri)} does for the whole.
   *
   * @param firstByte counted from 0
   * @param endByte the first that is no longer read; behind the object's end is the same as at it
   */
  InputStream read(S3Uri object, long firstByte, long endByte);

  /**
   * Returns the objects whose keys begin with the given one, in the order of the keys' UTF-8 bytes.
   * Pages are fetched as the iteration gets there.
   */
  Iterable<StoredObject> list(S3Uri prefix);

  /**
   * Puts an object in the place of whatever has its key: a reader sees the old one or the new one.
   *
   * @param content its remaining bytes are the object; its position stays
   * @param metadata at most 2 KB of ASCII in all
   */
  void put(S3Uri object, ByteBuffer content, String contentType, Map<String, String> metadata);

  /** As {@link #put(S3Uri, ByteBuffer, String, Map)}, of all the bytes and without metadata. */
  default void put(S3Uri object, byte[] content, String contentType) {
    put(object, ByteBuffer.wrap(content), contentType, Map.of());
  }

  /**
   * Begins an object that is too large for memory. Nothing is to be seen of it before {@link
   * ObjectUpload#complete}.
   */
  ObjectUpload upload(S3Uri object, String contentType);

  /**
   * Forgets what was uploaded to keys that begin with the given one and never completed, whoever
   * began it.
   *
   * @return how many uploads that were
   */
  int abortUploads(S3Uri prefix);

  /** Deletes the object if there is one. */
  void delete(S3Uri object);

  /** Deletes those of the objects that exist, many with one request. */
  void deleteAll(Collection<S3Uri> objects);

  /**
   * Returns this store with a condition: buckets that belong to another account than the owner are
   * refused as {@link ObjectStoreException.Kind#ACCESS_DENIED}.
   */
  ObjectStore expectingOwner(AccountId owner);

  /**
   * Returns this store with a condition: what is written is encrypted with a key of KMS. The store
   * is asked whether it is so; if it is not, the object is deleted again and the failure is {@link
   * ObjectStoreException.Kind#REFUSED}.
   *
   * @param kmsKeyId the key's ARN or id, or an alias of it
   */
  ObjectStore encryptingWith(String kmsKeyId);
}
