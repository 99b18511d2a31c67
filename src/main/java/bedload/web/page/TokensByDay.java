package bedload.web.page;

import bedload.ledger.PaceLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Tokens of each day as a column, made of its models, and the same as a table. */
record TokensByDay(List<PaceLog.DayOfModel> figures) {
  /** More kinds of fill cannot be told apart. */
  private static final int KINDS = 6;

  private static final int COLUMN = 40;

  /** Leaves room for the sum above the highest column. */
  private static final double HIGHEST = 94;

  /** Returns the drawing; nothing if there are no figures. */
  Html html() {
    if (figures.isEmpty()) {
      return Html.NOTHING;
    }
    List<String> models =
        List.copyOf(new TreeSet<>(figures.stream().map(PaceLog.DayOfModel::model).toList()));
    Map<String, List<PaceLog.DayOfModel>> days = new LinkedHashMap<>();
    figures.forEach(
        figure -> days.computeIfAbsent(figure.day(), day -> new ArrayList<>()).add(figure));
    long most =
        days.values().stream()
            .mapToLong(day -> day.stream().mapToLong(PaceLog.DayOfModel::tokens).sum())
            .max()
            .orElse(1);
    List<Html> columns = new ArrayList<>();
    int left = 0;
    for (List<PaceLog.DayOfModel> day : days.values()) {
      columns.add(column(day, models, left, most));
      left += COLUMN;
    }
    return Html.of(
        """
        <figure class="chart days"><figcaption>Tokens by model and day</figcaption>
        <svg viewBox="0 0 {} 120" role="img" aria-label="Tokens by model and day: at most {} a day; the table below has each">{}</svg>
        <ul class="legend">{}</ul>
        <details><summary>As a table</summary><table><thead><tr><th scope="col">Day</th><th scope="col">Model</th><th scope="col" class="number">Tokens</th></tr></thead><tbody>{}</tbody></table></details>
        </figure>
        """,
        Math.max(left, 8 * COLUMN),
        Texts.number(most),
        Html.join(columns),
        Html.join(
            models.stream()
                .map(
                    model ->
                        Html.of(
                            "<li><span class=\"swatch fill{}\" aria-hidden=\"true\"></span>{}</li>",
                            models.indexOf(model) % KINDS,
                            Html.foreign(model)))
                .toList()),
        Html.join(figures.stream().map(TokensByDay::row).toList()));
  }

  private static Html column(
      List<PaceLog.DayOfModel> day, List<String> models, int left, long most) {
    List<Html> pieces = new ArrayList<>();
    double foot = 108;
    for (PaceLog.DayOfModel figure : day) {
      double height = HIGHEST * figure.tokens() / most;
      foot -= height;
      pieces.add(
          Html.of(
              "<rect class=\"fill{}\" x=\"{}\" y=\"{}\" width=\"30\" height=\"{}\"><title>{} {}: {} tokens</title></rect>",
              models.indexOf(figure.model()) % KINDS,
              left + 5,
              String.format(Locale.ROOT, "%.2f", foot),
              String.format(Locale.ROOT, "%.2f", Math.max(0.5, height)),
              figure.day(),
              figure.model(),
              Texts.number(figure.tokens())));
    }
    return Html.of(
        "{}<text x=\"{}\" y=\"{}\">{}</text><text x=\"{}\" y=\"118\">{}</text>",
        Html.join(pieces),
        left + 20,
        String.format(Locale.ROOT, "%.2f", foot - 3),
        Texts.brief(day.stream().mapToLong(PaceLog.DayOfModel::tokens).sum()),
        left + 20,
        day.getFirst().day().substring(5));
  }

  private static Html row(PaceLog.DayOfModel figure) {
    return Html.of(
        "<tr><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>",
        figure.day(),
        Html.foreign(figure.model()),
        Texts.number(figure.tokens()));
  }
}
