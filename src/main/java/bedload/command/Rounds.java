package bedload.command;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One figure of several rounds. The median counts; the least and the most say how far it can be
 * trusted.
 */
record Rounds(List<Double> figures) {
  Rounds {
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("There is no figure of no rounds");
    }
    figures = List.copyOf(figures);
  }

  static Rounds of(double... figures) {
    return new Rounds(Arrays.stream(figures).boxed().toList());
  }

  double median() {
    List<Double> sorted = figures.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** Returns "median (least to most)", each with so many decimals. */
  String text(int decimals) {
    String one = "%,." + decimals + "f";
    return String.format(
        Locale.ROOT,
        one + " (" + one + " to " + one + ")",
        median(),
        figures.stream().min(Double::compare).orElseThrow(),
        figures.stream().max(Double::compare).orElseThrow());
  }
}
