package bedload.wire;

/**
 * Who is calling, after a signature or a key has shown it.
 *
 * @param account twelve digits
 * @param region the region for which the call was signed
 */
public record Caller(String account, String region) {}
