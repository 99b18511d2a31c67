package bedload.web;

import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.catalog.SavedQuestions;
import bedload.catalog.SqlText;
import bedload.web.page.SqlPage;
import bedload.web.query.Asker;
import bedload.web.query.RowFormat;
import bedload.wire.Document;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The screen on which the catalog is asked; a question and its answer have an address. */
final class SqlScreen {
  private static final int ROWS_ON_PAGE = 500;
  private static final int ROWS_IN_FILE = 10_000;

  private static final String TABLES =
      """
      select table_name, description
        from catalog.tables
       order by table_name
      """;

  private static final String SOURCES = "select * from catalog.sources";
  private static final String SCHEMA = "select * from catalog.columns";

  private static final String COLUMNS =
      """
      select table_name, column_name
        from catalog.columns
       order by table_name, position, column_name
      """;

  private final ReadingDesk desk;
  private final List<ResourceType> types;
  private final SavedQuestions saved;
  private final InstantSource clock;

  SqlScreen(ReadingDesk desk, List<ResourceType> types, SavedQuestions saved, InstantSource clock) {
    this.desk = desk;
    this.types = List.copyOf(types);
    this.saved = saved;
    this.clock = clock;
  }

  void addTo(JavalinConfig config, Doorkeeper door) {
    config.routes.get("/sql", door.reading(this::page));
    config.routes.get(
        "/sql.json", door.reading((context, who) -> file(context, who, RowFormat.JSON)));
    config.routes.get(
        "/sql.csv", door.reading((context, who) -> file(context, who, RowFormat.CSV)));
    config.routes.get("/sources.csv", door.reading(file("sources", SOURCES)));
    config.routes.get("/schema.csv", door.reading(file("schema", SCHEMA)));
    config.routes.get("/sql/words.json", door.reading(this::words));
    config.routes.post("/sql/save", door.writing(this::save));
    config.routes.post("/sql/forget", door.writing(this::forget));
  }

  private void page(Context context, Session session) {
    String sql = Requests.query(context, "sql").strip();
    SqlPage.Outcome outcome =
        sql.isEmpty() ? new SqlPage.Outcome.NotAsked() : outcome(session, sql);
    show(context, session, sql, outcome);
  }

  private SqlPage.Outcome outcome(Session session, String sql) {
    try {
      return new SqlPage.Outcome.Answered(ask(session, sql, ROWS_ON_PAGE));
    } catch (QuestionFault fault) {
      return new SqlPage.Outcome.Refused(fault.sentence());
    }
  }

  private void show(Context context, Session session, String sql, SqlPage.Outcome outcome) {
    SqlPage page =
        new SqlPage(
            sql,
            outcome,
            tables(session),
            saved.of(session.account()),
            types.stream()
                .sorted(Comparator.comparing(type -> !type.table().equals(Pages.JOBS)))
                .flatMap(type -> type.examples().stream())
                .toList());
    Doorkeeper.html(context, page.html(Requests.layout(session)).toString());
  }

  private ReadingDesk.Reply ask(Session session, String sql, int rows) {
    return new Asker(desk, session.account()).ask(sql, rows);
  }

  /** Where SQL is off, the answer says so; the list of tables is then empty. */
  private Map<String, String> tables(Session session) {
    Map<String, String> tables = new LinkedHashMap<>();
    try {
      ask(session, TABLES, ROWS_IN_FILE)
          .rows()
          .forEach(row -> tables.put(row.get(0).asString(""), row.get(1).asString("")));
    } catch (QuestionFault fault) {
      tables.clear();
    }
    return tables;
  }

  /** Tables of other screens that are tables of the catalog, too. */
  private Doorkeeper.Guarded file(String name, String sql) {
    return (context, session) -> file(context, session, name, sql, RowFormat.CSV);
  }

  private void file(Context context, Session session, RowFormat format) {
    file(context, session, "answer", Requests.query(context, "sql"), format);
  }

  private void file(Context context, Session session, String name, String sql, RowFormat format) {
    try {
      Object body = format.write(ask(session, sql, ROWS_IN_FILE));
      if (body instanceof Document document) {
        context
            .header("Content-Disposition", "attachment; filename=\"%s.csv\"".formatted(name))
            .contentType(document.contentType())
            .result(document.body());
      } else {
        context.json(body);
      }
    } catch (QuestionFault fault) {
      context.status(HttpStatus.BAD_REQUEST).json(Map.of("message", fault.sentence()));
    }
  }

  /** What the editor completes: tables with their columns. */
  private void words(Context context, Session session) {
    Map<String, List<String>> words = new LinkedHashMap<>();
    try {
      for (List<JsonNode> row : ask(session, COLUMNS, ROWS_IN_FILE).rows()) {
        words
            .computeIfAbsent(row.get(0).asString(""), table -> new ArrayList<>())
            .add(row.get(1).asString(""));
      }
    } catch (QuestionFault fault) {
      words.clear();
    }
    context.json(Map.of("tables", words));
  }

  private void save(Context context, Session session) {
    String sql = Requests.form(context, "sql").strip();
    try {
      SqlText.of(sql);
      saved.save(
          session.account(),
          new SavedQuestions.Saved(Requests.form(context, "name"), sql),
          clock.instant());
      Doorkeeper.seeOther(context, "/sql?sql=" + Requests.encoded(sql));
    } catch (QuestionFault fault) {
      context.status(HttpStatus.BAD_REQUEST);
      show(context, session, sql, new SqlPage.Outcome.Refused(fault.sentence()));
    }
  }

  private void forget(Context context, Session session) {
    saved.forget(session.account(), Requests.form(context, "name"));
    Doorkeeper.seeOther(context, "/sql");
  }
}
