package bedload.work;

import bedload.job.JobId;
import bedload.job.Lease;
import bedload.job.Ordinals;
import bedload.ledger.Segment;
import bedload.ledger.ShardBook;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a new claim finds of the work before it, so that no finished call is made again: the
 * segments of the ledger, the segments that reached the object store but not the ledger, and the
 * journals that an earlier claim left on this node.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final ShardBook shards;
  private final SegmentObjects objects;
  private final SegmentWriter writer;
  private final Journals journals;

  Recovery(ShardBook shards, SegmentObjects objects, SegmentWriter writer, Journals journals) {
    this.shards = shards;
    this.objects = objects;
    this.writer = writer;
    this.journals = journals;
  }

  /**
   * What was found.
   *
   * @param held false if the lease is void already
   * @param durable the ordinals that need no call
   * @param nextSequence the number of the next segment
   */
  record Found(boolean held, Ordinals durable, int nextSequence) {
    /** Nothing, since the lease is void. */
    static final Found LOST = new Found(false, Ordinals.none(), 0);
  }

  /** Adopts all that there is for the lease; a second time goes on where the first one failed. */
  Found adopt(Lease lease) throws IOException, InterruptedException {
    Ordinals durable = Ordinals.none();
    Set<List<Integer>> known = new HashSet<>();
    for (Segment segment : shards.segments(lease.shard())) {
      durable.addAll(segment.ordinals());
      known.add(List.of(segment.epoch(), segment.sequence()));
    }
    int before = durable.size();
    boolean held = adoptSegments(lease, durable, known);
    int sequence = nextSequence(lease, known);
    if (held) {
      for (String name : journals.leftOvers(lease)) {
        JobId job = lease.shard().job();
        held = writer.write(lease, sequence++, () -> journals.read(job, name), durable);
        if (!held) {
          break;
        }
        CrashPoint.LEFT_OVER_ADOPTED.pass();
        journals.delete(job, name);
        CrashPoint.LEFT_OVER_DELETED.pass();
      }
    }
    if (durable.size() > before) {
      LOG.info(
          "Shard {} of job {}: adopted {} answers that an earlier claim had left",
          lease.shard().number(),
          lease.shard().job(),
          durable.size() - before);
    }
    return new Found(held, durable, sequence);
  }

  private boolean adoptSegments(Lease lease, Ordinals durable, Set<List<Integer>> known)
      throws IOException {
    if (lease.epoch() == 1) {
      // Nobody was here before.
      return true;
    }
    for (Segment segment : objects.list(lease.shard())) {
      boolean isKnown = known.contains(List.of(segment.epoch(), segment.sequence()));
      // One that a void lease wrote late may repeat what others recorded; its answers do not count.
      if (!isKnown && !segment.ordinals().intersects(durable)) {
        if (!shards.commit(lease, segment, objects.failures(lease.shard(), segment))) {
          return false;
        }
        durable.addAll(segment.ordinals());
        known.add(List.of(segment.epoch(), segment.sequence()));
        CrashPoint.ORPHAN_ADOPTED.pass();
      }
    }
    return true;
  }

  /** A number that this lease has used up must not stand for other answers. */
  private static int nextSequence(Lease lease, Set<List<Integer>> known) {
    return known.stream()
            .filter(segment -> segment.getFirst() == lease.epoch())
            .mapToInt(List::getLast)
            .max()
            .orElse(-1)
        + 1;
  }
}
