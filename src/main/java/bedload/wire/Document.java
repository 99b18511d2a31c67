package bedload.wire;

/**
 * An answer that is not JSON: an {@link Operation} may return one in place of an object.
 *
 * @param contentType with the character set, where that is not said by the type
 */
@SuppressWarnings("ArrayRecordComponent") // written once and then dropped; nobody compares answers
public record Document(String contentType, byte[] body) {}
