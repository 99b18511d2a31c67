package bedload.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How nodes share a limit: who wants little gets it, the others get alike, and what nobody wants is
 * shared out too, so that a node whose work begins need not wait.
 */
final class FairShare {
  private FairShare() {}

  /** Returns one node's share. */
  static int of(int limit, int mine, List<Integer> others) {
    List<Integer> smallestFirst = new ArrayList<>(others);
    Collections.sort(smallestFirst);
    int left = limit;
    int nodes = others.size() + 1;
    int unserved = nodes;
    int share = -1;
    for (int other : smallestFirst) {
      if (share < 0 && mine <= other) {
        share = Math.min(mine, left / unserved--);
        left -= share;
      }
      int theirs = Math.min(other, left / unserved--);
      left -= theirs;
    }
    if (share < 0) {
      share = Math.min(mine, left);
      left -= share;
    }
    return share + left / nodes;
  }
}
