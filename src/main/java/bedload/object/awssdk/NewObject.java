package bedload.object.awssdk;

import java.util.UUID;

/** An object that is about to take its key; its files are on disk. */
record NewObject(
    String bucket, String key, UUID content, long sizeBytes, String etag, ContentHeaders headers) {}
