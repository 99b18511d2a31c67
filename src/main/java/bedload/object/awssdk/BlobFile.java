package bedload.object.awssdk;

import java.util.UUID;

/**
 * A file that is wholly on disk.
 *
 * @param etag the MD5 of its bytes in hexadecimal
 */
record BlobFile(UUID id, long sizeBytes, String etag) {}
