package bedload.object.awssdk;

import java.util.UUID;

/** A stretch of bytes within one file. */
record Slice(UUID file, long firstByte, long sizeBytes) {}
