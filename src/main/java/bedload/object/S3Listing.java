package bedload.object;

import bedload.job.S3Uri;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Goes through a listing, and holds one page of it at a time. */
final class S3Listing implements Iterator<StoredObject> {
  private final S3Client client;
  private @Nullable ListObjectsV2Request next;
  private Iterator<S3Object> page = List.<S3Object>of().iterator();
  private final String bucket;

  S3Listing(S3Client client, ListObjectsV2Request first) {
    this.client = client;
    this.next = first;
    this.bucket = first.bucket();
  }

  @Override
  public boolean hasNext() {
    while (!page.hasNext() && next != null) {
      fetch(next);
    }
    return page.hasNext();
  }

  private void fetch(ListObjectsV2Request request) {
    ListObjectsV2Response response =
        S3Failures.call(
            "list " + new S3Uri(bucket, request.prefix()), () -> client.listObjectsV2(request));
    page = response.contents().iterator();
    next =
        Boolean.TRUE.equals(response.isTruncated())
            ? request.toBuilder().continuationToken(response.nextContinuationToken()).build()
            : null;
  }

  @Override
  public StoredObject next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    S3Object found = page.next();
    return new StoredObject(
        new S3Uri(bucket, found.key()), found.size(), S3Read.unquoted(found.eTag()), Map.of());
  }
}
