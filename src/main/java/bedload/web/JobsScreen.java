package bedload.web;

import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.catalog.Search;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.ledger.JobQuery;
import bedload.ledger.Ledger;
import bedload.ledger.Overview;
import bedload.ledger.QueuePlace;
import bedload.ledger.QueuePlaces;
import bedload.web.page.FacetsPage;
import bedload.web.page.JobLine;
import bedload.web.page.JobsPage;
import bedload.web.query.Asker;
import bedload.web.query.RowFormat;
import bedload.wire.Document;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The list of jobs: those that a search of the catalog finds, be they of this service or of an AWS
 * account. What moves fast, the counts of this service's own, comes from the ledger.
 */
final class JobsScreen {
  private static final int PAGE = 50;

  /** All of a million took seconds at each look. */
  private static final int MOST_COUNTED = 100_000;

  private static final int ROWS_IN_FILE = 10_000;

  private final ReadingDesk desk;
  private final ResourceType type;
  private final Ledger ledger;
  private final Overview overview;
  private final QueuePlaces queuePlaces;
  private final String region;
  private final InstantSource clock;

  JobsScreen(
      ReadingDesk desk,
      ResourceType type,
      Ledger ledger,
      Overview overview,
      QueuePlaces queuePlaces,
      String region,
      InstantSource clock) {
    this.desk = desk;
    this.type = type;
    this.ledger = ledger;
    this.overview = overview;
    this.queuePlaces = queuePlaces;
    this.region = region;
    this.clock = clock;
  }

  void addTo(JavalinConfig config, Doorkeeper door) {
    config.routes.get("/jobs", door.reading(this::page));
    config.routes.get("/jobs.json", door.reading(this::json));
    config.routes.get("/jobs.csv", door.reading(this::csv));
    config.routes.get("/jobs/facets", door.reading(this::facets));
  }

  private void page(Context context, Session session) {
    String text = Requests.query(context, "q").strip();
    JobsPage page;
    try {
      Search search = Search.of(type, text, clock.instant());
      page = found(session, text, search, Requests.query(context, "after"));
    } catch (QuestionFault fault) {
      page = new JobsPage(List.of(), text, "", fault.sentence(), "");
    }
    Doorkeeper.html(context, page.html(Requests.layout(session), clock.instant()).toString());
  }

  private JobsPage found(Session session, String text, Search search, String after) {
    ReadingDesk.Reply reply;
    try {
      reply = ask(session, page(search, after), PAGE);
    } catch (QuestionFault fault) {
      // The ledger can still tell which are the newest.
      List<JobLine> newest =
          ledger.list(new AccountId(session.account()), region, JobQuery.ALL, PAGE).stream()
              .map(JobLine::of)
              .toList();
      return new JobsPage(newest, text, search.rows(), fault.sentence(), "");
    }
    List<CatalogJob> rows = CatalogJob.of(reply);
    Map<JobId, Job> own =
        overview.jobs(
            new AccountId(session.account()),
            region,
            rows.stream().map(CatalogJob::id).flatMap(Optional::stream).toList());
    Map<JobId, QueuePlace> places =
        queuePlaces.of(
            own.values().stream().filter(job -> !job.status().isFinal()).map(Job::id).toList());
    return new JobsPage(
        rows.stream().map(row -> row.line(own, places)).toList(),
        text,
        search.rows(),
        "",
        reply.isCut() ? next(text, rows.getLast()) : "");
  }

  private ReadingDesk.Reply ask(Session session, String sql, int rows) {
    return new Asker(desk, session.account()).ask(sql, rows);
  }

  /** The rows after a place in the order; jobs that come or go do not move it. */
  private static String page(Search search, String after) {
    int seam = after.indexOf('/');
    if (seam < 0) {
      return search.rows();
    }
    try {
      Instant time = Instant.parse(after.substring(0, seam));
      return """
      select *
        from (%s) as found
       where submit_time <= '%s'
         and (submit_time < '%s' or job_arn > '%s')
      """
          .formatted(search.rows(), time, time, after.substring(seam + 1).replace("'", "''"));
    } catch (DateTimeException e) {
      // An address that somebody changed by hand asks for less, and is no error.
      return search.rows();
    }
  }

  private static String next(String text, CatalogJob last) {
    return "q=%s&after=%s"
        .formatted(Requests.encoded(text), Requests.encoded(last.submitTime() + "/" + last.arn()));
  }

  private void json(Context context, Session session) {
    String text = Requests.query(context, "q").strip();
    try {
      Search search = Search.of(type, text, clock.instant());
      ReadingDesk.Reply reply = ask(session, page(search, Requests.query(context, "after")), PAGE);
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("sql", search.rows());
      document.putAll(RowFormat.json(reply));
      if (reply.isCut()) {
        document.put("next", "/jobs.json?" + next(text, CatalogJob.of(reply).getLast()));
      }
      context.json(document);
    } catch (QuestionFault fault) {
      refuse(context, fault);
    }
  }

  private void csv(Context context, Session session) {
    try {
      Search search = Search.of(type, Requests.query(context, "q").strip(), clock.instant());
      if (RowFormat.CSV.write(ask(session, search.rows(), ROWS_IN_FILE))
          instanceof Document document) {
        context
            .header("Content-Disposition", "attachment; filename=\"jobs.csv\"")
            .contentType(document.contentType())
            .result(document.body());
      }
    } catch (QuestionFault fault) {
      refuse(context, fault);
    }
  }

  private static void refuse(Context context, QuestionFault fault) {
    context.status(HttpStatus.BAD_REQUEST).json(Map.of("message", fault.sentence()));
  }

  /** Apart from the list, which need not wait until all jobs are counted. */
  private void facets(Context context, Session session) {
    String text = Requests.query(context, "q").strip();
    Map<String, List<FacetsPage.Value>> counts = new LinkedHashMap<>();
    try {
      Search.of(type, text, clock.instant())
          .facetsOfNewest(MOST_COUNTED)
          .forEach((column, sql) -> counts.put(column, values(ask(session, sql, PAGE))));
    } catch (QuestionFault fault) {
      // The list says what is wrong with the search.
      counts.clear();
    }
    Doorkeeper.html(
        context,
        new FacetsPage(text, counts, MOST_COUNTED).html(Requests.layout(session)).toString());
  }

  private static List<FacetsPage.Value> values(ReadingDesk.Reply reply) {
    return reply.rows().stream()
        .map(
            row ->
                new FacetsPage.Value(
                    row.get(0).isNull() ? "" : row.get(0).asString(""), row.get(1).asLong(0)))
        .toList();
  }
}
