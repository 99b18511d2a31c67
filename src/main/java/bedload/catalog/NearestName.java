package bedload.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The name that somebody who mistyped one may have meant. */
final class NearestName {
  private NearestName() {}

  /** Returns the nearest of the names; empty if none is so near that it may have been meant. */
  static Optional<String> of(String typed, Collection<String> names) {
    return names.stream()
        .min(
            Comparator.comparingInt((String name) -> steps(typed, name))
                .thenComparing(name -> name))
        .filter(name -> steps(typed, name) <= Math.max(1, typed.length() / 3));
  }

  /** Returns how many letters must be added, taken away or replaced to make one of the other. */
  private static int steps(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
