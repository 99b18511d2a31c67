package bedload.web.page;

import bedload.catalog.Column;
import bedload.catalog.ResourceType;
import java.util.ArrayList;
import java.util.List;

/** The tables of the catalog, column by column, from the files that describe them. */
public record SchemaPage(List<ResourceType> types) {
  /** Returns the page. */
  public Html html(Layout layout) {
    return layout.still(
        "Schema",
        Html.of("<h1>Schema</h1>{}", Html.join(types.stream().map(SchemaPage::table).toList())));
  }

  private static Html table(ResourceType type) {
    List<Html> rows = new ArrayList<>();
    addRows("", type.columns(), rows);
    return Html.of(
        """
        <section><h2 id="{}"><code>{}</code></h2><p>{}</p>
        <table class="fields schema"><thead><tr><th scope="col">Column</th><th scope="col">Type</th><th scope="col">What it means</th></tr></thead><tbody>{}</tbody></table>
        <h3>Examples</h3>{}</section>
        """,
        type.table(),
        type.table(),
        type.summary(),
        Html.join(rows),
        Html.join(
            type.examples().stream()
                .map(
                    example ->
                        Html.of(
                            "<p>{}</p><pre tabindex=\"0\"><code>{}</code></pre>",
                            example.title(),
                            example.sql()))
                .toList()));
  }

  private static void addRows(String prefix, List<Column> columns, List<Html> rows) {
    for (Column column : columns) {
      rows.add(
          Html.of(
              "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
              prefix + column.name(),
              column.documentedType(),
              column.description()));
      switch (column) {
        case Column.Struct struct -> addRows(prefix + struct.name() + ".", struct.fields(), rows);
        case Column.Leaf _ -> {}
      }
    }
  }
}
