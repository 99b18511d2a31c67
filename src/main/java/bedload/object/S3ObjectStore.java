package bedload.object;

import bedload.job.AccountId;
import bedload.job.S3Uri;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** An object store that speaks S3's protocol, reached by the AWS SDK. */
public final class S3ObjectStore implements ObjectStore {
  /** S3 takes no more in one request. */
  private static final int KEYS_PER_DELETE = 1000;

  private final S3Client client;
  private final @Nullable String owner;
  private final @Nullable KmsKey key;
  private final PartCopies partCopies;

  /**
   * Makes a store of a client, which stays the caller's to close.
   *
   * @param client signs with the keys of the account that the store is for
   */
  public S3ObjectStore(S3Client client) {
    this(client, new PartCopies());
  }

  /** As the other, with what is known of its copies. */
  S3ObjectStore(S3Client client, PartCopies partCopies) {
    this(client, null, null, partCopies);
  }

  private S3ObjectStore(
      S3Client client, @Nullable String owner, @Nullable KmsKey key, PartCopies partCopies) {
    this.partCopies = partCopies;
    this.client = client;
    this.owner = owner;
    this.key = key;
  }

  @Override
  public ObjectStore expectingOwner(AccountId account) {
    return new S3ObjectStore(client, account.value(), key, partCopies);
  }

  @Override
  public ObjectStore encryptingWith(String kmsKeyId) {
    return new S3ObjectStore(client, owner, new KmsKey(kmsKeyId), partCopies);
  }

  @Override
  public Optional<StoredObject> head(S3Uri object) {
    String what = "look at " + object;
    try {
      HeadObjectResponse found =
          client.headObject(
              request ->
                  request.bucket(object.bucket()).key(object.key()).expectedBucketOwner(owner));
      return Optional.of(
          new StoredObject(
              object, found.contentLength(), S3Read.unquoted(found.eTag()), found.metadata()));
    } catch (AwsServiceException e) {
      if (e.statusCode() == 404) {
        // The answer has no body, so it does not tell what is missing.
        requireBucket(object.bucket(), what);
        return Optional.empty();
      }
      throw S3Failures.translate(what, e);
    } catch (SdkException e) {
      throw S3Failures.translate(what, e);
    }
  }

  private void requireBucket(String bucket, String what) {
    try {
      client.headBucket(request -> request.bucket(bucket).expectedBucketOwner(owner));
    } catch (AwsServiceException e) {
      if (e.statusCode() == 404) {
        throw new ObjectStoreException(
            ObjectStoreException.Kind.NO_SUCH_BUCKET,
            "Cannot %s: there is no such bucket".formatted(what),
            e);
      }
      // Keys that may read objects need not be allowed to ask about buckets.
    }
  }

  @Override
  public InputStream read(S3Uri object) {
    return S3Read.whole(client, object, owner);
  }

  @Override
  public InputStream read(S3Uri object, long firstByte, long endByte) {
    if (firstByte < 0 || endByte < firstByte) {
      throw new IllegalArgumentException(
          "Bytes %d to %d of %s are no stretch".formatted(firstByte, endByte, object));
    }
    return firstByte == endByte
        ? InputStream.nullInputStream()
        : S3Read.stretch(client, object, owner, firstByte, endByte);
  }

  @Override
  public Iterable<StoredObject> list(S3Uri prefix) {
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(prefix.bucket())
            .prefix(prefix.key())
            // Some keys have characters that XML cannot say.
            .encodingType(EncodingType.URL)
            .expectedBucketOwner(owner)
            .build();
    return () -> new S3Listing(client, request);
  }

  @Override
  public void put(
      S3Uri object, ByteBuffer content, String contentType, Map<String, String> metadata) {
    S3Failures.call(
        "write " + object,
        () ->
            client.putObject(
                request ->
                    request
                        .bucket(object.bucket())
                        .key(object.key())
                        .contentType(contentType)
                        .metadata(metadata)
                        .serverSideEncryption(key == null ? null : key.algorithm())
                        .ssekmsKeyId(key == null ? null : key.id())
                        .expectedBucketOwner(owner),
                body(content, contentType)));
    requireEncrypted(object);
  }

  /** Asks for the encryption of an object that was just written, if one was wanted. */
  void requireEncrypted(S3Uri object) {
    if (key == null) {
      return;
    }
    HeadObjectResponse found =
        S3Failures.call(
            "look at the encryption of " + object,
            () ->
                client.headObject(
                    request ->
                        request
                            .bucket(object.bucket())
                            .key(object.key())
                            .expectedBucketOwner(owner)));
    if (!key.hasEncrypted(found)) {
      delete(object);
      throw new ObjectStoreException(
          ObjectStoreException.Kind.REFUSED,
          "Cannot write %s: it was to be encrypted with the KMS key %s, and the store says that it is encrypted with %s"
              .formatted(object, key.id(), KmsKey.encryption(found)),
          null);
    }
  }

  /** Returns a body that can be sent again without a copy; the SDK's own of a buffer copies it. */
  static RequestBody body(ByteBuffer content, String contentType) {
    return RequestBody.fromContentProvider(
        () -> new BufferStream(content), content.remaining(), contentType);
  }

  @Override
  public ObjectUpload upload(S3Uri object, String contentType) {
    return new S3Upload(client, this, object, contentType, owner, key, partCopies);
  }

  @Override
  public int abortUploads(S3Uri prefix) {
    String what = "list unfinished uploads of " + prefix;
    List<MultipartUpload> found =
        S3Failures.call(
            what,
            () ->
                client
                    .listMultipartUploadsPaginator(
                        request ->
                            request
                                .bucket(prefix.bucket())
                                .prefix(prefix.key())
                                .expectedBucketOwner(owner))
                    .uploads()
                    .stream()
                    // Not every store heeds the prefix.
                    .filter(upload -> upload.key().startsWith(prefix.key()))
                    .toList());
    found.forEach(upload -> abort(prefix.bucket(), upload));
    return found.size();
  }

  private void abort(String bucket, MultipartUpload upload) {
    try {
      client.abortMultipartUpload(
          request ->
              request
                  .bucket(bucket)
                  .key(upload.key())
                  .uploadId(upload.uploadId())
                  .expectedBucketOwner(owner));
    } catch (NoSuchUploadException e) {
      // Its owner was first.
    } catch (SdkException e) {
      throw S3Failures.translate("abort the upload of " + new S3Uri(bucket, upload.key()), e);
    }
  }

  @Override
  public void delete(S3Uri object) {
    S3Failures.call(
        "delete " + object,
        () ->
            client.deleteObject(
                request ->
                    request.bucket(object.bucket()).key(object.key()).expectedBucketOwner(owner)));
  }

  @Override
  public void deleteAll(Collection<S3Uri> objects) {
    Map<Boolean, List<S3Uri>> byForm =
        objects.stream().collect(Collectors.partitioningBy(S3ObjectStore::fitsXml));
    byForm.getOrDefault(false, List.of()).forEach(this::delete);
    Map<String, List<S3Uri>> byBucket =
        byForm.getOrDefault(true, List.of()).stream().collect(Collectors.groupingBy(S3Uri::bucket));
    byBucket.forEach(
        (bucket, all) -> {
          List<S3Uri> rest = new ArrayList<>(all);
          while (!rest.isEmpty()) {
            List<S3Uri> batch = rest.subList(0, Math.min(KEYS_PER_DELETE, rest.size()));
            deleteBatch(bucket, batch);
            batch.clear();
          }
        });
  }

  /** Tells whether XML 1.0, in which a batch is sent, has all characters of the key. */
  private static boolean fitsXml(S3Uri object) {
    return object
        .key()
        .codePoints()
        .allMatch(c -> c == '\t' || c == '\n' || (c >= ' ' && c != 0xFFFE && c != 0xFFFF));
  }

  private void deleteBatch(String bucket, List<S3Uri> batch) {
    List<ObjectIdentifier> keys =
        batch.stream().map(uri -> ObjectIdentifier.builder().key(uri.key()).build()).toList();
    DeleteObjectsResponse response =
        S3Failures.call(
            "delete " + batch.getFirst() + (batch.size() > 1 ? " and others" : ""),
            () ->
                client.deleteObjects(
                    request ->
                        request
                            .bucket(bucket)
                            .delete(delete -> delete.objects(keys).quiet(true))
                            .expectedBucketOwner(owner)));
    if (!response.errors().isEmpty()) {
      S3Error first = response.errors().getFirst();
      throw new ObjectStoreException(
          "AccessDenied".equals(first.code())
              ? ObjectStoreException.Kind.ACCESS_DENIED
              : ObjectStoreException.Kind.UNAVAILABLE,
          "Cannot delete %d of %d objects, the first is %s. The store said: %s (%s)"
              .formatted(
                  response.errors().size(),
                  batch.size(),
                  new S3Uri(bucket, first.key()),
                  first.code(),
                  first.message()),
          null);
    }
  }
}
