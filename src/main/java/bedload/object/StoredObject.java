package bedload.object;

import bedload.job.S3Uri;
import java.util.Map;

/**
 * An object as the store tells it.
 *
 * @param etag changes with the content; without quotes
 * @param metadata the user metadata, its names in lower case; empty in a listing, which does not
 *     tell it
 */
public record StoredObject(S3Uri uri, long sizeBytes, String etag, Map<String, String> metadata) {
  public StoredObject {
    metadata = Map.copyOf(metadata);
  }
}
