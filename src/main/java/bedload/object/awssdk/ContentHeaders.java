package bedload.object.awssdk;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * What a client said of an object beside its bytes, to be given back as it was said.
 *
 * @param system values by header name
 * @param user the user metadata
 */
record ContentHeaders(Map<String, String> system, Map<String, String> user) {
  private static final String CACHE_CONTROL = "Cache-Control";
  private static final String CONTENT_DISPOSITION = "Content-Disposition";
  private static final String CONTENT_ENCODING = "Content-Encoding";
  private static final String CONTENT_LANGUAGE = "Content-Language";
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String EXPIRES = "Expires";
  private static final String STORAGE_CLASS = "x-amz-storage-class";
  private static final String ENCRYPTION = "x-amz-server-side-encryption";
  private static final String KMS_KEY = "x-amz-server-side-encryption-aws-kms-key-id";
  private static final String BUCKET_KEY = "x-amz-server-side-encryption-bucket-key-enabled";

  ContentHeaders {
    system = Map.copyOf(system);
    user = Map.copyOf(user);
  }

  static ContentHeaders of(PutObjectRequest request) {
    Map<String, String> system = new TreeMap<>();
    keep(system, CACHE_CONTROL, request.cacheControl());
    keep(system, CONTENT_DISPOSITION, request.contentDisposition());
    keep(system, CONTENT_ENCODING, request.contentEncoding());
    keep(system, CONTENT_LANGUAGE, request.contentLanguage());
    keep(system, CONTENT_TYPE, request.contentType());
    keep(system, EXPIRES, request.expires());
    keep(system, STORAGE_CLASS, request.storageClassAsString());
    keep(system, ENCRYPTION, request.serverSideEncryptionAsString());
    keep(system, KMS_KEY, request.ssekmsKeyId());
    keep(system, BUCKET_KEY, request.bucketKeyEnabled());
    return new ContentHeaders(system, request.metadata());
  }

  static ContentHeaders of(CreateMultipartUploadRequest request) {
    Map<String, String> system = new TreeMap<>();
    keep(system, CACHE_CONTROL, request.cacheControl());
    keep(system, CONTENT_DISPOSITION, request.contentDisposition());
    keep(system, CONTENT_ENCODING, request.contentEncoding());
    keep(system, CONTENT_LANGUAGE, request.contentLanguage());
    keep(system, CONTENT_TYPE, request.contentType());
    keep(system, EXPIRES, request.expires());
    keep(system, STORAGE_CLASS, request.storageClassAsString());
    keep(system, ENCRYPTION, request.serverSideEncryptionAsString());
    keep(system, KMS_KEY, request.ssekmsKeyId());
    keep(system, BUCKET_KEY, request.bucketKeyEnabled());
    return new ContentHeaders(system, request.metadata());
  }

  /**
   * Returns those of a copy: encryption and storage class are the request's, never the source's.
   */
  ContentHeaders copiedBy(CopyObjectRequest request) {
    boolean replaced = "REPLACE".equals(request.metadataDirectiveAsString());
    Map<String, String> system = new TreeMap<>(replaced ? Map.of() : this.system);
    system.keySet().removeAll(Set.of(STORAGE_CLASS, ENCRYPTION, KMS_KEY, BUCKET_KEY));
    if (replaced) {
      keep(system, CACHE_CONTROL, request.cacheControl());
      keep(system, CONTENT_DISPOSITION, request.contentDisposition());
      keep(system, CONTENT_ENCODING, request.contentEncoding());
      keep(system, CONTENT_LANGUAGE, request.contentLanguage());
      keep(system, CONTENT_TYPE, request.contentType());
      keep(system, EXPIRES, request.expires());
    }
    keep(system, STORAGE_CLASS, request.storageClassAsString());
    keep(system, ENCRYPTION, request.serverSideEncryptionAsString());
    keep(system, KMS_KEY, request.ssekmsKeyId());
    keep(system, BUCKET_KEY, request.bucketKeyEnabled());
    return new ContentHeaders(system, replaced ? request.metadata() : user);
  }

  private static void keep(Map<String, String> headers, String name, @Nullable Object value) {
    if (value != null) {
      headers.put(name, value.toString());
    }
  }

  @Nullable String encryption() {
    return system.get(ENCRYPTION);
  }

  @Nullable String kmsKey() {
    return system.get(KMS_KEY);
  }

  @Nullable Boolean bucketKeyEnabled() {
    String value = system.get(BUCKET_KEY);
    return value == null ? null : Boolean.valueOf(value);
  }

  /** Puts everything into the answer to a read. */
  // Deprecated for the sake of malformed dates, but where S3Proxy looks; it let in only good ones.
  @SuppressWarnings("deprecation")
  void addTo(GetObjectResponse.Builder response) {
    String expires = system.get(EXPIRES);
    response
        .cacheControl(system.get(CACHE_CONTROL))
        .contentDisposition(system.get(CONTENT_DISPOSITION))
        .contentEncoding(system.get(CONTENT_ENCODING))
        .contentLanguage(system.get(CONTENT_LANGUAGE))
        .contentType(system.get(CONTENT_TYPE))
        .expires(expires == null ? null : Instant.parse(expires))
        .storageClass(system.get(STORAGE_CLASS))
        .serverSideEncryption(encryption())
        .ssekmsKeyId(kmsKey())
        .bucketKeyEnabled(bucketKeyEnabled())
        .metadata(user);
  }
}
