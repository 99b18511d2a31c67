package bedload.work;

import bedload.object.ObjectStoreException;
import java.io.IOException;

/**
 * The object store refuses the answers of a shard, and would do so however often it is asked: they
 * stay in the journal until somebody has mended that.
 */
final class RefusedAnswers extends IOException {
  RefusedAnswers(ObjectStoreException refusal) {
    super(refusal.getMessage(), refusal);
  }
}
