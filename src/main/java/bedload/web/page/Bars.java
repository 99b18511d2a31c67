package bedload.web.page;

import java.util.List;
import java.util.Locale;

/**
 * Numbers side by side: a table in which each number has a bar beside it.
 *
 * @param label what the rows are
 * @param unit what the numbers count
 */
record Bars(String label, String unit, List<Bar> bars) {
  /** A number and what it is the number of. */
  record Bar(Html name, long value) {}

  /** Returns the table; nothing if there is no number. */
  Html html() {
    if (bars.isEmpty()) {
      return Html.NOTHING;
    }
    long most = Math.max(1, bars.stream().mapToLong(Bar::value).max().orElse(1));
    return Html.of(
        """
        <table class="bars"><thead><tr><th scope="col">{}</th><th scope="col" class="number">{}</th><td></td></tr></thead><tbody>{}</tbody></table>
        """,
        label,
        unit,
        Html.join(
            bars.stream()
                .map(
                    bar ->
                        Html.of(
                            """
                            <tr><th scope="row">{}</th><td class="number">{}</td>
                            <td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="{}" height="10"/></svg></td></tr>
                            """,
                            bar.name(),
                            Texts.number(bar.value()),
                            String.format(Locale.ROOT, "%.2f", 100.0 * bar.value() / most)))
                .toList()));
  }
}
