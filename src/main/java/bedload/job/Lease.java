package bedload.job;

/**
 * The right to work on a shard. Whoever claims the shard next gets a higher epoch, and with that
 * every earlier lease is void: a commit under it changes nothing.
 */
public record Lease(Shard shard, int epoch) {}
