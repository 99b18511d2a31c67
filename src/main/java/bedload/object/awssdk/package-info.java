/**
 * The durable store behind the embedded S3 endpoint: rows in PostgreSQL, bytes in fsynced files.
 *
 * <p>The package's name is not free: S3Proxy tells the kinds of stores apart by their class names,
 * and only to one whose package contains {@code .awssdk.} does it leave conditional writes,
 * conditional deletes, checksums and multipart uploads. To any other it would do them itself, by a
 * look before the write, and would keep stub objects for uploads. The version of S3Proxy is pinned
 * for this reason.
 */
@NullMarked
package bedload.object.awssdk;

import org.jspecify.annotations.NullMarked;
