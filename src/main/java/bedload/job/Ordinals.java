package bedload.job;

import java.util.BitSet;
import java.util.PrimitiveIterator;

/**
 * A set of record ordinals within one shard, each counted from the shard's first record. Mutable;
 * not thread-safe. Its bytes are what a segment's row and object keep, so their form is for ever:
 * bit n of byte n/8, little end first.
 */
public final class Ordinals {
  private final BitSet bits;

  private Ordinals(BitSet bits) {
    this.bits = bits;
  }

  /** Returns an empty set. */
  public static Ordinals none() {
    return new Ordinals(new BitSet());
  }

  /** Returns the set that {@link #toBytes()} wrote. */
  public static Ordinals fromBytes(byte[] bytes) {
    return new Ordinals(BitSet.valueOf(bytes));
  }

  /** Returns the set as bytes, without trailing zero bytes. */
  public byte[] toBytes() {
    return bits.toByteArray();
  }

  /** Adds one; returns false if it was there already. */
  public boolean add(int ordinal) {
    if (bits.get(ordinal)) {
      return false;
    }
    bits.set(ordinal);
    return true;
  }

  /** Adds all of another set. */
  public void addAll(Ordinals other) {
    bits.or(other.bits);
  }

  /** Says whether the ordinal is in the set. */
  public boolean contains(int ordinal) {
    return bits.get(ordinal);
  }

  /** Says whether the two sets share a member. */
  public boolean intersects(Ordinals other) {
    return bits.intersects(other.bits);
  }

  /** Returns the least; -1 if there is none. */
  public int first() {
    return bits.nextSetBit(0);
  }

  /** Returns the greatest; -1 if there is none. */
  public int last() {
    return bits.length() - 1;
  }

  /** Returns how many there are. */
  public int size() {
    return bits.cardinality();
  }

  /** Returns the ordinals from the least to the greatest. */
  public PrimitiveIterator.OfInt iterator() {
    return bits.stream().iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ordinals that && bits.equals(that.bits);
  }

  @Override
  public int hashCode() {
    return bits.hashCode();
  }

  @Override
  public String toString() {
    return bits.toString();
  }
}
