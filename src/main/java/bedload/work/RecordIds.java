package bedload.work;

import java.util.Arrays;

/**
 * How many records repeat a recordId, in bounded memory: ids are kept as 64-bit hashes, a million
 * of them in 16 MB. Two different ids are taken for the same once in some ten million inputs of
 * that size. Not thread-safe.
 */
final class RecordIds {
  static final int MOST_KEPT = 1_000_000;

  private static final int FIRST_SLOTS = 1 << 10;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** Hashes by open addressing, half of them empty at least; 0 is an empty slot. */
  private long[] slots = new long[FIRST_SLOTS];

  private final int mostKept;
  private int kept;
  private long repeated;
  private boolean capped;

  RecordIds() {
    this(MOST_KEPT);
  }

  RecordIds(int mostKept) {
    this.mostKept = mostKept;
  }

  void add(String id) {
    long hash = hash(id);
    int slot = find(slots, hash);
    if (slots[slot] == hash) {
      repeated++;
    } else if (kept == mostKept) {
      capped = true;
    } else {
      slots[slot] = hash;
      kept++;
      if (kept * 2 > slots.length) {
        grow();
      }
    }
  }

  /** Returns how many records had an id that an earlier one had. */
  long repeated() {
    return repeated;
  }

  /**
   * Says whether there were more ids than can be kept: a repetition among the later ones was not
   * noticed then.
   */
  boolean isCapped() {
    return capped;
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    Arrays.stream(slots)
        .filter(hash -> hash != 0)
        .forEach(hash -> larger[find(larger, hash)] = hash);
    slots = larger;
  }

  private static int find(long[] slots, long hash) {
    int slot = (int) hash & (slots.length - 1);
    while (slots[slot] != 0 && slots[slot] != hash) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private static long hash(String id) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * FNV_PRIME;
    }
    // FNV leaves the low bits of short texts alike, and those choose the slot.
    hash ^= hash >>> 32;
    hash *= 0xd6e8feb86659fd93L;
    hash ^= hash >>> 32;
    return hash == 0 ? 1 : hash;
  }
}
