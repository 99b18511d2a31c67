package bedload.web;

import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.catalog.SavedQuestions;
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
import bedload.web.page.SchemaPage;
import bedload.wire.WireJson;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pages, and the same as JSON. Every account sees its own jobs of one region. */
public final class Pages {
  private static final String JOBS = "aws_bedrock_model_invocation_job";
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
  private final JobsScreen jobs;
  private final SqlScreen sql;

  /**
   * What the pages read.
   *
   * @param types what the catalog has tables of; that of jobs is among them
   */
  public record Shelf(
      Ledger ledger,
      Overview overview,
      QueuePlaces queuePlaces,
      ReadingDesk desk,
      SavedQuestions saved,
      List<ResourceType> types) {
    public Shelf {
      types = List.copyOf(types);
    }

    private ResourceType jobs() {
      return types.stream().filter(type -> type.table().equals(JOBS)).findFirst().orElseThrow();
    }
  }

  /** Makes the pages of a region's jobs. */
  public Pages(Shelf shelf, String region, InstantSource clock, Doorkeeper door, Live live) {
    this.ledger = shelf.ledger();
    this.overview = shelf.overview();
    this.queuePlaces = shelf.queuePlaces();
    this.types = shelf.types();
    this.region = region;
    this.clock = clock;
    this.door = door;
    this.live = live;
    this.jobs = new JobsScreen(shelf.desk(), shelf.jobs(), ledger, overview, shelf.queuePlaces(), region, clock);
    this.sql = new SqlScreen(shelf.desk(), types, shelf.saved(), clock);
  }

  /** Adds all pages. */
  public void addTo(JavalinConfig config) {
    door.addTo(config);
    Assets.addTo(config);
    config.routes.get("/", door.reading(this::home));
    jobs.addTo(config, door);
    sql.addTo(config, door);
    config.routes.get("/jobs/{id}", door.reading(this::job));
    config.routes.post("/jobs/{id}/stop", door.writing(this::stop));
    config.routes.get(
        "/schema",
        door.reading(
            (context, session) ->
                show(context, new SchemaPage(types).html(Requests.layout(session)))));
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
    show(context, page.html(Requests.layout(session), now));
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
            .html(Requests.layout(session), clock.instant()));
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
    show(context, Requests.layout(session).refusal("Your account has no such job in this region."));
  }

  private static void show(Context context, Html page) {
    Doorkeeper.html(context, page.toString());
  }
}
