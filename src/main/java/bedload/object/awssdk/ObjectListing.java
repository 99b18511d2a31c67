package bedload.object.awssdk;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.StorageClass;

/**
 * One page of a listing. Keys that share what comes before the delimiter are told once and then
 * jumped over, so a folder of a million objects costs as much as one.
 */
final class ObjectListing {
  private static final int PAGE_OBJECTS = 1000;

  private final ObjectRows rows;
  private final String bucket;
  private final String prefix;
  private final String delimiter;
  private final int limit;
  private final List<S3Object> objects = new ArrayList<>();
  private final List<CommonPrefix> prefixes = new ArrayList<>();
  private String last = "";
  private boolean truncated;

  private ObjectListing(ObjectRows rows, ListObjectsV2Request request) {
    this.rows = rows;
    this.bucket = request.bucket();
    this.prefix = Objects.requireNonNullElse(request.prefix(), "");
    this.delimiter = Objects.requireNonNullElse(request.delimiter(), "");
    this.limit = Objects.requireNonNullElse(request.maxKeys(), PAGE_OBJECTS);
  }

  /** Returns the page that the request asks for. */
  static ListObjectsV2Response page(ObjectRows rows, ListObjectsV2Request request) {
    ObjectListing listing = new ObjectListing(rows, request);
    if (listing.limit > 0) {
      listing.collect(after(request));
    }
    return SdkResponses.objectsPage(
        listing.objects, listing.prefixes, listing.truncated ? token(listing.last) : null);
  }

  private static String after(ListObjectsV2Request request) {
    if (request.continuationToken() == null) {
      return Objects.requireNonNullElse(request.startAfter(), "");
    }
    try {
      byte[] last = Base64.getUrlDecoder().decode(request.continuationToken());
      return new String(last, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw S3Exceptions.invalidArgument("The continuation token provided is incorrect");
    }
  }

  /** Wraps a key, which may hold what XML cannot. */
  private static String token(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(last.getBytes(StandardCharsets.UTF_8));
  }

  private void collect(String after) {
    String end = KeyOrder.afterAll(prefix);
    // A page that ended with a common prefix goes on behind all that it stands for.
    String from = after.equals(commonPrefix(after)) ? KeyOrder.afterAll(after) : prefix;
    while (from != null) {
      List<ObjectRows.Listed> found = rows.list(bucket, from, after, end, missing() + 1);
      from = take(found);
    }
  }

  private int missing() {
    return limit - objects.size() - prefixes.size();
  }

  /** Takes up rows, and returns where to go on; null if the page is complete. */
  private @Nullable String take(List<ObjectRows.Listed> found) {
    for (ObjectRows.Listed row : found) {
      if (missing() == 0) {
        truncated = true;
        return null;
      }
      String common = commonPrefix(row.key());
      if (common != null) {
        prefixes.add(SdkResponses.commonPrefix(common));
        last = common;
        return KeyOrder.afterAll(common);
      }
      objects.add(
          SdkResponses.objectEntry(
              row.key(), row.etag(), row.modifiedAt(), row.sizeBytes(), StorageClass.STANDARD));
      last = row.key();
    }
    return null;
  }

  private @Nullable String commonPrefix(String key) {
    if (delimiter.isEmpty() || !key.startsWith(prefix)) {
      return null;
    }
    int at = key.indexOf(delimiter, prefix.length());
    return at < 0 ? null : key.substring(0, at + delimiter.length());
  }
}
