package bedload.object.awssdk;

import bedload.job.AccountId;
import bedload.object.awssdk.MultipartUploads.UploadName;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The object space as one account sees it, in S3Proxy's terms. Every method that names a bucket
 * first makes sure that the account may know it.
 */
final class DurableBlobStore implements BlobStore {
  private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final int KEY_BYTES = 1024;
  private static final long SMALLEST_PART_BYTES = 5L << 20;

  private final ObjectSpace space;
  private final AccountId account;
  private final AccountId expectedOwner;
  private final ObjectReads reads;
  private final ObjectWrites writes;
  private final MultipartUploads uploads;

  DurableBlobStore(ObjectSpace space, AccountId account, AccountId expectedOwner) {
    this.space = space;
    this.account = account;
    this.expectedOwner = expectedOwner;
    this.reads = new ObjectReads(space);
    this.writes = new ObjectWrites(space);
    this.uploads = new MultipartUploads(space, writes);
  }

  /** Throws what S3 answers unless the bucket is the account's. */
  private void requireBucket(String bucket) {
    AccountId owner =
        space
            .buckets
            .owner(bucket)
            .orElseThrow(() -> S3Exceptions.noSuchBucket(bucket, "no such bucket"));
    if (!owner.equals(account) || !owner.equals(expectedOwner)) {
      throw Refusals.accessDenied();
    }
  }

  /** As {@link #requireBucket}, and refuses keys that could not be stored. */
  private void requirePlace(String bucket, String key) {
    requireBucket(bucket);
    if (key.getBytes(StandardCharsets.UTF_8).length > KEY_BYTES) {
      throw Refusals.keyTooLong();
    }
    if (key.indexOf('\0') >= 0) {
      throw S3Exceptions.invalidArgument("A key must not hold U+0000");
    }
  }

  // Buckets.

  @Override
  public ListBucketsResponse list() {
    return ListBucketsResponse.builder()
        .buckets(
            space.buckets.of(account).stream()
                .map(bucket -> SdkResponses.bucket(bucket.name(), bucket.createdAt()))
                .toList())
        .build();
  }

  @Override
  public HeadBucketResponse headBucket(HeadBucketRequest request) {
    requireBucket(request.bucket());
    return HeadBucketResponse.builder().build();
  }

  @Override
  public CreateBucketResponse createContainer(CreateBucketRequest request) {
    String bucket = request.bucket();
    refusePublic(request.aclAsString());
    if (!BUCKET_NAME.matcher(bucket).matches() || bucket.contains("..")) {
      throw new S3ProxyException(S3ErrorCode.INVALID_BUCKET_NAME);
    }
    if (!space.buckets.create(bucket, account)) {
      throw space.buckets.owner(bucket).filter(account::equals).isPresent()
          ? S3Exceptions.bucketAlreadyOwnedByYou(bucket)
          : Refusals.bucketAlreadyExists();
    }
    return CreateBucketResponse.builder().location("/" + bucket).build();
  }

  @Override
  public void deleteBucket(String bucket) {
    requireBucket(bucket);
    switch (space.buckets.delete(bucket)) {
      case BucketRows.Deletion.Done(var files) -> space.files.drop(files);
      case BucketRows.Deletion.NotEmpty() -> throw S3Exceptions.bucketNotEmpty(bucket);
    }
  }

  // Objects.

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    requireBucket(request.bucket());
    return ObjectListing.page(space.objects, request);
  }

  @Override
  public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
    requirePlace(request.bucket(), request.key());
    ObjectRow object = reads.require(request.bucket(), request.key());
    return SdkResponses.toHead(ObjectReads.response(object));
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    requirePlace(request.bucket(), request.key());
    return reads.get(request);
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
    requirePlace(request.bucket(), request.key());
    refusePublic(request.aclAsString());
    refuseCustomerKey(request.sseCustomerAlgorithm());
    ContentHeaders headers = ContentHeaders.of(request);
    BlobFile file = writes.receive(payload, request.contentLength(), request.contentMD5());
    writes.put(
        ObjectWrites.single(request.bucket(), request.key(), file, headers),
        List.of(file),
        WriteCondition.onWrite(request.ifMatch(), request.ifNoneMatch()));
    return PutObjectResponse.builder()
        .eTag(file.etag())
        .serverSideEncryption(headers.encryption())
        .ssekmsKeyId(headers.kmsKey())
        .bucketKeyEnabled(headers.bucketKeyEnabled())
        .build();
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    requirePlace(request.sourceBucket(), request.sourceKey());
    requirePlace(request.destinationBucket(), request.destinationKey());
    refusePublic(request.aclAsString());
    refuseCustomerKey(request.sseCustomerAlgorithm());
    NewObject copy =
        reads.withObject(
            request.sourceBucket(),
            request.sourceKey(),
            source -> {
              ReadCondition.ofSource(request).check(source);
              return writes.copy(
                  source,
                  request.destinationBucket(),
                  request.destinationKey(),
                  source.headers().copiedBy(request));
            });
    return CopyObjectResponse.builder()
        .copyObjectResult(CopyObjectResult.builder().eTag(copy.etag()).build())
        .serverSideEncryption(copy.headers().encryption())
        .ssekmsKeyId(copy.headers().kmsKey())
        .bucketKeyEnabled(copy.headers().bucketKeyEnabled())
        .build();
  }

  @Override
  public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
    requirePlace(request.bucket(), request.key());
    WriteCondition condition =
        new WriteCondition(
            request.ifMatch(), null, request.ifMatchSize(), request.ifMatchLastModifiedTime());
    space.objects.delete(request.bucket(), request.key(), condition).ifPresent(writes::discard);
    return DeleteObjectResponse.builder().build();
  }

  @Override
  public DeleteObjectsResponse removeBlobs(DeleteObjectsRequest request) {
    requireBucket(request.bucket());
    List<String> keys =
        request.delete().objects().stream()
            .map(ObjectIdentifier::key)
            .filter(key -> key.indexOf('\0') < 0)
            .toList();
    space.objects.deleteAll(request.bucket(), keys).forEach(writes::discard);
    return DeleteObjectsResponse.builder()
        .deleted(keys.stream().map(key -> DeletedObject.builder().key(key).build()).toList())
        .build();
  }

  // Multipart uploads.

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    requirePlace(request.bucket(), request.key());
    refusePublic(request.aclAsString());
    refuseCustomerKey(request.sseCustomerAlgorithm());
    ContentHeaders headers = ContentHeaders.of(request);
    String id = space.uploads.start(request.bucket(), request.key(), headers).toString();
    CreateMultipartUploadResponse response =
        CreateMultipartUploadResponse.builder()
            .uploadId(id)
            .serverSideEncryption(headers.encryption())
            .ssekmsKeyId(headers.kmsKey())
            .bucketKeyEnabled(headers.bucketKeyEnabled())
            .build();
    return new MultipartUpload(id, request, response);
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload upload, UploadPartRequest request, InputStream payload) {
    UploadName name = require(upload);
    String etag =
        uploads.receive(
            name, request.partNumber(), payload, request.contentLength(), request.contentMD5());
    return UploadPartResponse.builder().eTag(etag).build();
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    NewObject object =
        uploads.complete(
            require(upload),
            request.multipartUpload().parts(),
            WriteCondition.onWrite(request.ifMatch(), request.ifNoneMatch()));
    return CompleteMultipartUploadResponse.builder()
        .eTag(object.etag())
        .serverSideEncryption(object.headers().encryption())
        .ssekmsKeyId(object.headers().kmsKey())
        .bucketKeyEnabled(object.headers().bucketKeyEnabled())
        .build();
  }

  @Override
  public void abortMultipartUpload(MultipartUpload upload) {
    uploads.abort(require(upload));
  }

  @Override
  public List<Part> listMultipartUpload(MultipartUpload upload) {
    return uploads.parts(require(upload)).stream()
        .map(
            part ->
                SdkResponses.part(
                    part.number(), part.file().sizeBytes(), part.file().etag(), part.writtenAt()))
        .toList();
  }

  private UploadName require(MultipartUpload upload) {
    requirePlace(upload.containerName(), upload.blobName());
    return new UploadName(upload.containerName(), upload.blobName(), upload.id());
  }

  @Override
  public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(
      String bucket) {
    requireBucket(bucket);
    return space.uploads.of(bucket).stream()
        .map(
            upload -> SdkResponses.upload(upload.key(), upload.id().toString(), upload.startedAt()))
        .toList();
  }

  @Override
  public long getMinimumMultipartPartSize() {
    return SMALLEST_PART_BYTES;
  }

  @Override
  public boolean supportsServerSideEncryption() {
    // Kept and given back, so that a client that always sends these headers works; the disk is the
    // operator's to encrypt.
    return true;
  }

  // Everything is private: access is a matter of whose bucket it is.

  @Override
  public BucketCannedACL getContainerAccess(String bucket) {
    requireBucket(bucket);
    return BucketCannedACL.PRIVATE;
  }

  @Override
  public void setContainerAccess(String bucket, BucketCannedACL access) {
    requireBucket(bucket);
    refusePublic(access.toString());
  }

  @Override
  public ObjectCannedACL getBlobAccess(String bucket, String key) {
    requirePlace(bucket, key);
    reads.require(bucket, key);
    return ObjectCannedACL.PRIVATE;
  }

  @Override
  public void setBlobAccess(String bucket, String key, ObjectCannedACL access) {
    requirePlace(bucket, key);
    reads.require(bucket, key);
    refusePublic(access.toString());
  }

  private static void refusePublic(@Nullable String access) {
    if (access != null && !access.equals(ObjectCannedACL.PRIVATE.toString())) {
      throw Refusals.notImplemented("Buckets and objects are private here; the ACL is " + access);
    }
  }

  private static void refuseCustomerKey(@Nullable String algorithm) {
    if (algorithm != null) {
      throw Refusals.notImplemented("Encryption with a customer's key is not offered here");
    }
  }
}
