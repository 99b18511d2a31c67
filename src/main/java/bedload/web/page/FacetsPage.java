package bedload.web.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many of the jobs that a search finds have each value.
 *
 * @param search what was typed
 * @param counts for each column its values with their counts, the most frequent first
 * @param most of how many of the newest jobs the counts are at most
 */
public record FacetsPage(String search, Map<String, List<Value>> counts, int most) {
  /** A value and how often it occurs. */
  public record Value(String value, long count) {}

  /** Returns the page; the script takes its part with the counts into the list of jobs. */
  public Html html(Layout layout) {
    List<Html> facets = new ArrayList<>();
    Map<String, List<Value>> ordered = new LinkedHashMap<>();
    // What most look for comes first.
    ordered.put("status", counts.getOrDefault("status", List.of()));
    ordered.putAll(counts);
    ordered.forEach(
        (column, values) -> {
          // One value for all is no choice.
          if (values.size() > 1 || column.equals("status") || column.equals("tags")) {
            facets.add(facet(column, values));
          }
        });
    return layout.still(
        "Counts",
        Html.of(
            """
            <h1>Jobs by value</h1>
            <p><a href="/jobs?q={}">Back to the jobs</a></p>
            <div id="facets" class="facets">{}{}</div>
            """,
            SqlPage.encoded(search),
            Html.join(facets),
            bound()));
  }

  /** Every job has one status: as many as could be counted means that there may be more. */
  private Html bound() {
    long counted = counts.getOrDefault("status", List.of()).stream().mapToLong(Value::count).sum();
    return counted < most
        ? Html.NOTHING
        : Html.of("<p class=\"quiet\">Of the newest {} jobs found.</p>", Texts.number(most));
  }

  private Html facet(String column, List<Value> values) {
    return Html.of(
        "<details><summary>{}</summary><ul class=\"plain\">{}</ul></details>",
        label(column),
        values.isEmpty()
            ? Html.of("<li class=\"quiet\">none</li>")
            : Html.join(
                values.stream()
                    .map(
                        value ->
                            Html.of(
                                "<li><a href=\"/jobs?q={}\">{}</a> <span"
                                    + " class=\"quiet\">{}</span></li>",
                                SqlPage.encoded(narrowed(column, value.value())),
                                Html.foreign(shown(value.value())),
                                Texts.number(value.count())))
                    .toList()));
  }

  private static String label(String column) {
    String words = column.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static String shown(String value) {
    return value.startsWith("arn:") ? value.substring(value.lastIndexOf('/') + 1) : value;
  }

  /** The search with this value as one more condition. */
  private String narrowed(String column, String value) {
    String condition =
        value.isEmpty() ? "-" + column + ":*" : column + ":\"" + value.replace("\"", "") + "\"";
    return search.contains(condition) ? search : (search + " " + condition).strip();
  }
}
