/**
 * Objects in S3: the client that the engine uses, and an S3 endpoint of our own for those who have
 * none.
 */
@NullMarked
package bedload.object;

import org.jspecify.annotations.NullMarked;
