package bedload.web;

import bedload.catalog.ResourceType;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobDocument;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.ledger.JobQuery;
import bedload.ledger.Ledger;
import bedload.ledger.Overview;
import bedload.ledger.QueuePlaces;
import bedload.ledger.StopResult;
import bedload.web.page.HomePage;
import bedload.web.page.Html;
import bedload.web.page.JobPage;
import bedload.web.page.JobsPage;
import bedload.web.page.Layout;
import bedload.web.page.SchemaPage;
import bedload.wire.WireJson;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pages, and the same as JSON. Every account sees its own jobs of one region. */
public final class Pages {
  private static final int PAGE = 50;
  private static final int FEW = 10;
  private static final Duration DAY = Duration.ofHours(24);

  private final Ledger ledger;
  private final Overview overview;
  private final QueuePlaces queuePlaces;
  private final List<ResourceType> types;
  private final String region;
  private final InstantSource clock;
  private final Doorkeeper door;
  private final Live live;

  /** Makes the pages of a region's jobs. */
  public Pages(
      Ledger ledger,
      Overview overview,
      QueuePlaces queuePlaces,
      List<ResourceType> types,
      String region,
      InstantSource clock,
      Doorkeeper door,
      Live live) {
    this.ledger = ledger;
    this.overview = overview;
    this.queuePlaces = queuePlaces;
    this.types = List.copyOf(types);
    this.region = region;
    this.clock = clock;
    this.door = door;
    this.live = live;
  }

  /** Adds all pages. */
  public void addTo(JavalinConfig config) {
    door.addTo(config);
    Assets.addTo(config);
    config.routes.get("/", door.reading(this::home));
    config.routes.get("/jobs", door.reading(this::jobs));
    config.routes.get("/jobs.json", door.reading(this::jobsAsJson));
    config.routes.get("/jobs/{id}", door.reading(this::job));
    config.routes.post("/jobs/{id}/stop", door.writing(this::stop));
    config.routes.get(
        "/schema",
        door.reading(
            (context, session) -> show(context, new SchemaPage(types).html(layout(session)))));
    config.routes.get(Live.PATH, door.reading(live::stream));
  }

  private void home(Context context, Session session) {
    AccountId account = new AccountId(session.account());
    Instant now = clock.instant();
    JobQuery running = new JobQuery(JobStatus.IN_PROGRESS, null, null, null, false, null);
    JobQuery failed = new JobQuery(JobStatus.FAILED, null, now.minus(DAY), null, false, null);
    HomePage page =
        new HomePage(
            overview.counts(account, region, now.minus(DAY)),
            ledger.list(account, region, running, FEW),
            ledger.list(account, region, failed, FEW),
            ledger.list(account, region, JobQuery.ALL, 1).isEmpty());
    show(context, page.html(layout(session), now));
  }

  /** What a list's address asks for. */
  private record Question(String search, String status, String after) {
    static Question of(Context context) {
      return new Question(
          orEmpty(context.queryParam("q")).strip(),
          orEmpty(context.queryParam("status")),
          orEmpty(context.queryParam("after")));
    }

    /** An address that somebody changed by hand asks for less, and is no error. */
    JobQuery query() {
      return new JobQuery(
          Stream.of(JobStatus.values())
              .filter(each -> each.wireName().equals(status))
              .findFirst()
              .orElse(null),
          search.isEmpty() ? null : search,
          null,
          null,
          false,
          position());
    }

    private JobQuery.@Nullable Position position() {
      int seam = after.indexOf('/');
      if (seam < 0 || !JobId.isValid(after.substring(seam + 1))) {
        return null;
      }
      try {
        return new JobQuery.Position(
            Instant.parse(after.substring(0, seam)), new JobId(after.substring(seam + 1)));
      } catch (DateTimeException e) {
        return null;
      }
    }

    String next(Job last) {
      return "q=%s&status=%s&after=%s"
          .formatted(
              encoded(search), encoded(status), encoded(last.submitTime() + "/" + last.id()));
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }

  private void jobs(Context context, Session session) {
    Question question = Question.of(context);
    List<Job> jobs = list(session, question);
    boolean isMore = jobs.size() > PAGE;
    List<Job> page = isMore ? jobs.subList(0, PAGE) : jobs;
    show(
        context,
        new JobsPage(
                page,
                queuePlaces.of(
                    page.stream().filter(job -> !job.status().isFinal()).map(Job::id).toList()),
                question.search(),
                question.status(),
                isMore ? question.next(page.getLast()) : "")
            .html(layout(session), clock.instant()));
  }

  private void jobsAsJson(Context context, Session session) {
    Question question = Question.of(context);
    List<Job> jobs = list(session, question);
    boolean isMore = jobs.size() > PAGE;
    List<Job> page = isMore ? jobs.subList(0, PAGE) : jobs;
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("jobs", page.stream().map(JobDocument::summary).toList());
    if (isMore) {
      document.put("next", "/jobs.json?" + question.next(page.getLast()));
    }
    context.json(document);
  }

  /** Returns the jobs of a page, and one more if there is a page after it. */
  private List<Job> list(Session session, Question question) {
    return ledger.list(new AccountId(session.account()), region, question.query(), PAGE + 1);
  }

  private void job(Context context, Session session) {
    String name = context.pathParam("id");
    boolean isJson = name.endsWith(".json");
    Optional<Job> found = find(session, isJson ? name.substring(0, name.length() - 5) : name);
    if (found.isEmpty()) {
      notFound(context, session);
      return;
    }
    Job job = found.get();
    Map<String, Object> document = JobDocument.of(job);
    if (isJson) {
      context.json(document);
      return;
    }
    String json = WireJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    show(
        context,
        new JobPage(
                job,
                overview.steps(job.id()),
                job.status().isFinal() ? null : queuePlaces.of(job.id()).orElse(null),
                document,
                json)
            .html(layout(session), clock.instant()));
  }

  private void stop(Context context, Session session) {
    String id = context.pathParam("id");
    if (!JobId.isValid(id)) {
      notFound(context, session);
      return;
    }
    switch (ledger.stop(new AccountId(session.account()), region, new JobId(id))) {
      case StopResult.NotFound _ -> notFound(context, session);
      // Whoever was faster, the page shows how the job ended.
      case StopResult.AlreadyEnded _, StopResult.Stopping _ ->
          Doorkeeper.seeOther(context, "/jobs/" + id);
    }
  }

  private Optional<Job> find(Session session, String id) {
    return JobId.isValid(id)
        ? ledger.find(new AccountId(session.account()), region, new JobId(id))
        : Optional.empty();
  }

  private void notFound(Context context, Session session) {
    context.status(HttpStatus.NOT_FOUND);
    show(context, layout(session).refusal("Your account has no such job in this region."));
  }

  private static Layout layout(Session session) {
    return new Layout(session.account(), session.csrf());
  }

  private static void show(Context context, Html page) {
    Doorkeeper.html(context, page.toString());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
