package bedload.web;

import bedload.catalog.CollectorPolicy;
import bedload.catalog.OwnSources;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.catalog.SavedQuestions;
import bedload.catalog.Sources;
import bedload.job.AccountId;
import bedload.job.JobDocument;
import bedload.job.JobStatus;
import bedload.ledger.JobQuery;
import bedload.ledger.Ledger;
import bedload.ledger.Overview;
import bedload.ledger.PaceLog;
import bedload.ledger.QueuePlaces;
import bedload.ledger.RecordErrors;
import bedload.ledger.Reruns;
import bedload.object.ObjectStores;
import bedload.web.page.HomePage;
import bedload.web.page.Html;
import bedload.web.page.SchemaPage;
import bedload.web.query.ResourceSearch;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The pages, and the same as JSON. Every account sees its own jobs of one region. */
public final class Pages {
  /** The table of jobs, which people ask for most. */
  static final String JOBS = ResourceSearch.DEFAULT_TYPE;

  private static final int FEW = 10;
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration FORTNIGHT = Duration.ofDays(13);

  private final Ledger ledger;
  private final Overview overview;
  private final PaceLog pace;
  private final List<ResourceType> types;
  private final String region;
  private final InstantSource clock;
  private final Doorkeeper door;
  private final Live live;
  private final JobsScreen jobs;
  private final SqlScreen sql;
  private final JobScreen job;
  private final JobByArn byArn;
  private final SourcesScreen sourceList;

  /**
   * What the pages read.
   *
   * @param types what the catalog has tables of; that of jobs is among them
   * @param policies returns what IAM has to allow for the sources that an account may see
   * @param whyWindow says for a bare model id why as many calls are in flight as are
   */
  public record Shelf(
      Ledger ledger,
      Overview overview,
      QueuePlaces queuePlaces,
      RecordErrors errors,
      PaceLog pace,
      ReadingDesk desk,
      SavedQuestions saved,
      Sources sources,
      OwnSources ownSources,
      ObjectStores stores,
      Reruns reruns,
      List<ResourceType> types,
      Function<AccountId, CollectorPolicy> policies,
      Function<String, Optional<String>> whyWindow) {
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
    this.pace = shelf.pace();
    this.types = shelf.types();
    this.region = region;
    this.clock = clock;
    this.door = door;
    this.live = live;
    this.jobs =
        new JobsScreen(
            shelf.desk(), shelf.jobs(), ledger, overview, shelf.queuePlaces(), region, clock);
    this.sql = new SqlScreen(shelf.desk(), types, shelf.saved(), clock);
    this.job =
        new JobScreen(
            new JobScreen.Books(
                ledger,
                overview,
                shelf.queuePlaces(),
                shelf.errors(),
                pace,
                shelf.desk(),
                shelf.reruns(),
                shelf.whyWindow()),
            new JobFiles(shelf.stores()),
            region,
            clock);
    this.byArn = new JobByArn(ledger, region);
    this.sourceList =
        new SourcesScreen(shelf.sources(), shelf.ownSources(), shelf.policies(), clock);
  }

  /** Adds all pages. */
  public void addTo(JavalinConfig config) {
    door.addTo(config);
    Assets.addTo(config);
    config.routes.get("/", door.reading(this::home));
    jobs.addTo(config, door);
    sql.addTo(config, door);
    job.addTo(config, door);
    byArn.addTo(config, door);
    sourceList.addTo(config, door);
    config.routes.get("/home.json", door.reading(this::homeAsJson));
    config.routes.get("/schema.json", door.reading((context, session) -> context.json(types)));
    config.routes.get(
        "/schema",
        door.reading(
            (context, session) ->
                show(context, new SchemaPage(types).html(Requests.layout(session)))));
    config.routes.get(Live.PATH, door.reading(live::stream));
  }

  private void home(Context context, Session session) {
    Instant now = clock.instant();
    show(context, homePage(session, now).html(Requests.layout(session), now));
  }

  private HomePage homePage(Session session, Instant now) {
    AccountId account = new AccountId(session.account());
    JobQuery running = new JobQuery(JobStatus.IN_PROGRESS, null, null, null, false, null);
    JobQuery failed = new JobQuery(JobStatus.FAILED, null, now.minus(DAY), null, false, null);
    return new HomePage(
        overview.counts(account, region, now.minus(DAY)),
        ledger.list(account, region, running, FEW),
        ledger.list(account, region, failed, FEW),
        ledger.list(account, region, JobQuery.ALL, 1).isEmpty(),
        pace.today(account.value(), region, now.truncatedTo(ChronoUnit.DAYS)),
        pace.tokens(account.value(), region, now.truncatedTo(ChronoUnit.DAYS).minus(FORTNIGHT)));
  }

  private void homeAsJson(Context context, Session session) {
    HomePage page = homePage(session, clock.instant());
    Map<String, Object> document = new LinkedHashMap<>();
    Map<String, Long> counts = new LinkedHashMap<>();
    page.counts().forEach((status, count) -> counts.put(status.wireName(), count));
    document.put("counts", counts);
    document.put("running", page.running().stream().map(JobDocument::summary).toList());
    document.put("failed", page.failed().stream().map(JobDocument::summary).toList());
    document.put("recordsAMinute", page.today().recordsAMinute());
    document.put("tokensToday", page.today().tokensToday());
    if (page.today().costToday() != null) {
      document.put("costToday", page.today().costToday());
    }
    document.put("tokens", page.tokens());
    context.json(document);
  }

  private static void show(Context context, Html page) {
    Doorkeeper.html(context, page.toString());
  }
}
