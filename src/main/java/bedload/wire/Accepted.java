package bedload.wire;

/**
 * The answer to a call that was taken and to which there is nothing to say: a 202 without a body.
 * An {@link Operation} may return one in place of an object.
 */
public record Accepted() {}
