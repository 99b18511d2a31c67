package bedload.object.awssdk;

import java.time.Instant;
import java.util.UUID;

/** An object as its row tells it. */
record ObjectRow(
    UUID content, long sizeBytes, String etag, Instant modifiedAt, ContentHeaders headers) {}
