package bedload.job;

/**
 * A bucket, and an object or a prefix in it.
 *
 * @param bucket the bucket's name
 * @param key the key or prefix, without a leading slash; empty for the bucket as a whole
 */
public record S3Uri(String bucket, String key) {
  private static final String SCHEME = "s3://";

  public S3Uri {
    if (bucket.isEmpty() || bucket.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "A bucket needs a name without '/', this is '" + bucket + "'");
    }
  }

  /**
   * Reads {@code s3://bucket/key}.
   *
   * @throws IllegalArgumentException if the text is not an S3 URI
   */
  public static S3Uri parse(String uri) {
    if (!uri.startsWith(SCHEME)) {
      throw new IllegalArgumentException("An S3 URI begins with s3://, this is '" + uri + "'");
    }
    String path = uri.substring(SCHEME.length());
    int slash = path.indexOf('/');
    return slash < 0
        ? new S3Uri(path, "")
        : new S3Uri(path.substring(0, slash), path.substring(slash + 1));
  }

  /**
   * Returns this place as a folder with a name below it; a slash comes between if none is there.
   */
  public S3Uri resolve(String name) {
    return new S3Uri(bucket, asPrefix() + name);
  }

  /** Returns the key as a prefix: empty, or ending in a slash. */
  public String asPrefix() {
    return key.isEmpty() || key.endsWith("/") ? key : key + "/";
  }

  /** Returns what follows the last slash of the key. */
  public String fileName() {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return SCHEME + bucket + "/" + key;
  }
}
