package bedload.web.page;

import bedload.catalog.AnswerColumn;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.catalog.SavedQuestions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The editor, and under it what was answered.
 *
 * @param tables what each table's rows are, by the table's name
 */
public record SqlPage(
    String sql,
    Outcome outcome,
    Map<String, String> tables,
    List<SavedQuestions.Saved> saved,
    List<ResourceType.Example> examples) {
  /** The most characters of a question in an address, which servers and browsers still take. */
  static final int LONGEST_IN_ADDRESS = 4_000;

  /** A longer cell makes the row unreadable. */
  private static final int LONGEST_SHOWN = 400;

  private static final int LONG = 100;

  /** What became of the question. */
  public sealed interface Outcome {
    /** There was none. */
    record NotAsked() implements Outcome {}

    /** Here are the rows. */
    record Answered(ReadingDesk.Reply reply) implements Outcome {}

    /** It could not be answered. */
    record Refused(String sentence) implements Outcome {}
  }

  /** Returns the page. */
  public Html html(Layout layout) {
    return layout.still(
        "SQL",
        Html.of(
            """
            <h1>SQL</h1>
            <div class="beside">
            <div>
            <form method="get" action="/sql" class="editor" id="ask">
            <label for="sql">One question to the catalog</label>
            <textarea id="sql" name="sql" rows="8" maxlength="{}" spellcheck="false" autocapitalize="off" autocomplete="off" required data-editor data-search>{}</textarea>
            <p class="hint quiet">Ctrl and Enter ask; Ctrl and Space complete a name.</p>
            <div class="actions"><button class="first">Ask</button></div>
            </form>
            {}
            {}
            </div>
            <aside aria-label="What can be asked">{}{}{}</aside>
            </div>
            """,
            LONGEST_IN_ADDRESS,
            sql,
            sql.isEmpty() ? Html.NOTHING : keeping(layout),
            answer(),
            savedQuestions(layout),
            exampleList(),
            tableList()));
  }

  private Html keeping(Layout layout) {
    return Html.of(
        """
        <form method="post" action="/sql/save" class="actions keep">{}<input type="hidden" name="sql" value="{}">
        <label>Keep it as <input name="name" required maxlength="{}"></label><button>Keep</button></form>
        """,
        layout.csrfField(),
        sql,
        SavedQuestions.LONGEST_NAME);
  }

  private Html answer() {
    return switch (outcome) {
      case Outcome.NotAsked() -> Html.NOTHING;
      case Outcome.Refused(String sentence) ->
          Html.of("<p class=\"message bad\" role=\"alert\">{}</p>", Html.foreign(sentence));
      case Outcome.Answered(ReadingDesk.Reply reply) -> answered(reply);
    };
  }

  private Html answered(ReadingDesk.Reply reply) {
    return Html.of(
        """
        <section aria-label="Answer"><p role="status">{} {} in {} ms{}.
        As <a href="/sql.csv?sql={}">CSV</a> or <a href="/sql.json?sql={}">JSON</a>, or this page by <a href="/sql?sql={}">its address</a>.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Rows of the answer"><table class="answer"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></section>
        """,
        Texts.number(reply.rows().size()),
        reply.rows().size() == 1 ? "row" : "rows",
        Texts.number(Math.max(1, reply.took().toMillis())),
        reply.isCut() ? "; there are more, which the files hold up to 10,000" : "",
        encoded(sql),
        encoded(sql),
        encoded(sql),
        Html.join(reply.columns().stream().map(SqlPage::head).toList()),
        Html.join(reply.rows().stream().map(row -> row(reply.columns(), row)).toList()));
  }

  private static Html head(AnswerColumn column) {
    return Html.of(
        "<th scope=\"col\">{} <span class=\"type\">{}</span></th>", column.name(), column.type());
  }

  private static Html row(List<AnswerColumn> columns, List<JsonNode> cells) {
    List<Html> row = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      row.add(cell(columns.get(i).type(), cells.get(i)));
    }
    return Html.of("<tr>{}</tr>", Html.join(row));
  }

  private static Html cell(String type, JsonNode cell) {
    if (cell.isNull()) {
      return Html.of("<td class=\"quiet\">null</td>");
    }
    if (cell.isNumber()) {
      return Html.of("<td class=\"number\">{}</td>", cell.asString());
    }
    String text = cell.isString() ? cell.asString() : cell.toString();
    // A time is one word, and a long text needs a wide column or it makes a tower of its row.
    String kind = type.startsWith("timestamp") ? "nowrap" : text.length() > LONG ? "long" : "";
    return Html.of("<td class=\"{}\">{}</td>", kind, Html.foreign(shortened(text)));
  }

  /** The files hold all of it. */
  static String shortened(String text) {
    return text.length() <= LONGEST_SHOWN
        ? text
        : "%s… (%,d characters)".formatted(text.substring(0, LONGEST_SHOWN), text.length());
  }

  private Html savedQuestions(Layout layout) {
    return saved.isEmpty()
        ? Html.NOTHING
        : Html.of(
            "<h2>Kept</h2><ul class=\"plain\">{}</ul>",
            Html.join(
                saved.stream()
                    .map(
                        each ->
                            Html.of(
                                """
                                <li><a href="/sql?sql={}">{}</a>
                                <form method="post" action="/sql/forget">{}<input type="hidden" name="name" value="{}"><button class="plain" aria-label="Remove {}">Remove</button></form></li>
                                """,
                                encoded(each.sql()),
                                Html.foreign(each.name()),
                                layout.csrfField(),
                                each.name(),
                                each.name()))
                    .toList()));
  }

  private Html exampleList() {
    return Html.of(
        "<h2>Examples</h2><ul class=\"plain\">{}</ul>",
        Html.join(
            examples.stream()
                .map(
                    example ->
                        Html.of(
                            "<li><a href=\"/sql?sql={}\">{}</a></li>",
                            encoded(example.sql()),
                            example.title()))
                .toList()));
  }

  private Html tableList() {
    return tables.isEmpty()
        ? Html.NOTHING
        : Html.of(
            "<h2>Tables</h2><ul class=\"plain tables\">{}</ul>",
            Html.join(
                tables.entrySet().stream()
                    .map(
                        table ->
                            Html.of(
                                "<li><a href=\"/sql?sql={}\"><code>{}</code></a> <span class=\"quiet\">{}</span></li>",
                                encoded(
                                    "select *\n  from %s\n limit 100".formatted(table.getKey())),
                                table.getKey(),
                                table.getValue()))
                    .toList()));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
