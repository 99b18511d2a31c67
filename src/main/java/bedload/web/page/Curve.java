package bedload.web.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Values over time as a drawing, with the same as a table for whoever does not look.
 *
 * @param title what is drawn
 * @param unit of the values, such as "calls"
 * @param limits a second line above the first, such as what might have been; empty for none
 */
record Curve(String title, String unit, List<Point> points, String limitTitle, List<Point> limits) {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 120;

  /** More rows make a table that nobody reads. */
  private static final int MOST_ROWS = 24;

  /** Narrower slots are missed by whoever points at one. */
  private static final int MOST_SLOTS = 120;

  /** A value at a time. */
  record Point(Instant at, double value) {}

  /** Returns the drawing; nothing if there are too few points for one. */
  Html html() {
    if (points.size() < 2) {
      return Html.NOTHING;
    }
    double top = Math.max(1e-9, Math.max(most(points), most(limits)));
    Instant from = points.getFirst().at();
    Instant to = points.getLast().at();
    return Html.of(
        """
        <figure class="chart"><figcaption>{}{}</figcaption>
        <svg viewBox="0 0 600 120" role="img" preserveAspectRatio="none" aria-label="{}: at most {} {}, {} at the end">
        <line class="axis" x1="0" y1="119.5" x2="600" y2="119.5"/>{}<polyline class="line" points="{}"/>{}</svg>
        <div class="scale"><span>{}</span><span>at most {} {}</span><span>{}</span></div>
        <details><summary>As a table</summary><table><thead><tr><th scope="col">Time</th><th scope="col" class="number">{}</th></tr></thead><tbody>{}</tbody></table></details>
        </figure>
        """,
        title,
        limits.isEmpty()
            ? Html.NOTHING
            : Html.of(" <span class=\"quiet\">dashed: {}</span>", limitTitle),
        title,
        figure(most(points)),
        unit,
        figure(points.getLast().value()),
        limits.size() < 2
            ? Html.NOTHING
            : Html.of("<polyline class=\"limit\" points=\"{}\"/>", line(limits, from, to, top)),
        line(points, from, to, top),
        Html.join(slots(from, to)),
        Texts.time(from),
        figure(most(points)),
        unit,
        Texts.time(to),
        title,
        Html.join(rows()));
  }

  private static double most(List<Point> points) {
    return points.stream().map(Point::value).max(Comparator.naturalOrder()).orElse(0.0);
  }

  /** What is told to whoever points at the drawing: the value at that time. */
  private List<Html> slots(Instant from, Instant to) {
    double span = Math.max(1, to.toEpochMilli() - from.toEpochMilli());
    int step = Math.max(1, points.size() / MOST_SLOTS);
    List<Html> slots = new ArrayList<>();
    double left = 0;
    for (int i = 0; i < points.size(); i += step) {
      Point point = points.get(i);
      Instant next = points.get(Math.min(points.size() - 1, i + step)).at();
      double middle = (point.at().toEpochMilli() + next.toEpochMilli()) / 2.0 - from.toEpochMilli();
      double right = i + step >= points.size() ? WIDTH : WIDTH * middle / span;
      slots.add(
          Html.of(
              "<rect class=\"at\" x=\"{}\" y=\"0\" width=\"{}\" height=\"120\"><title>{} {}, {}</title></rect>",
              String.format(Locale.ROOT, "%.1f", left),
              String.format(Locale.ROOT, "%.1f", right - left),
              figure(point.value()),
              unit,
              Texts.second(point.at())));
      left = right;
    }
    return slots;
  }

  private static String line(List<Point> points, Instant from, Instant to, double top) {
    double span = Math.max(1, to.toEpochMilli() - from.toEpochMilli());
    StringBuilder line = new StringBuilder();
    for (Point point : points) {
      double x = WIDTH * (point.at().toEpochMilli() - from.toEpochMilli()) / span;
      double y = HEIGHT - 2 - (HEIGHT - 6) * point.value() / top;
      line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }
    return line.toString().strip();
  }

  private List<Html> rows() {
    List<Html> rows = new ArrayList<>();
    int step = Math.max(1, points.size() / MOST_ROWS);
    for (int i = 0; i < points.size(); i += step) {
      rows.add(
          Html.of(
              "<tr><td>{}</td><td class=\"number\">{}</td></tr>",
              Texts.time(points.get(i).at()),
              figure(points.get(i).value())));
    }
    return rows;
  }

  private static String figure(@Nullable Double value) {
    if (value == null) {
      return "";
    }
    String form =
        value >= 100 || value == Math.rint(value) ? "%,.0f" : value < 1 ? "%.2g" : "%,.1f";
    return form.formatted(value);
  }
}
