package bedload;

import static java.util.stream.Collectors.toSet;

import bedload.Credentials.AccountKeys;
import bedload.announce.Announcer;
import bedload.announce.Audience;
import bedload.announce.ChangeTeller;
import bedload.announce.JobTraces;
import bedload.api.BedrockOperations;
import bedload.api.S3UriForm;
import bedload.api.ServedModels;
import bedload.catalog.Admission;
import bedload.catalog.Catalog;
import bedload.catalog.ChangeFeed;
import bedload.catalog.EventForm;
import bedload.catalog.Followers;
import bedload.catalog.OwnSources;
import bedload.catalog.ReaderLogin;
import bedload.catalog.ReadingDesk;
import bedload.catalog.RecordShelf;
import bedload.catalog.ResourceEvents;
import bedload.catalog.ResourceType;
import bedload.catalog.ResourceTypes;
import bedload.catalog.Right;
import bedload.catalog.SavedQuestions;
import bedload.catalog.Sources;
import bedload.collect.CollectLoop;
import bedload.collect.EventsQueue;
import bedload.collect.OwnJobs;
import bedload.collect.PaceRounds;
import bedload.collect.QueueListener;
import bedload.collect.SdkProviders;
import bedload.collect.SourceRounds;
import bedload.database.Database;
import bedload.database.DatabaseAddress;
import bedload.database.DatabaseUnavailableException;
import bedload.database.EmbeddedPostgres;
import bedload.job.AccountId;
import bedload.ledger.Audiences;
import bedload.ledger.Books;
import bedload.ledger.DatabaseClock;
import bedload.ledger.Figures;
import bedload.ledger.Logins;
import bedload.ledger.Nodes;
import bedload.ledger.Overview;
import bedload.ledger.PaceLog;
import bedload.ledger.RecordErrors;
import bedload.ledger.Reruns;
import bedload.model.ModelMap;
import bedload.model.Patience;
import bedload.model.ServedModel;
import bedload.model.WindowReason;
import bedload.object.EmbeddedS3;
import bedload.object.KeyRing;
import bedload.object.ObjectStores;
import bedload.trace.Traces;
import bedload.web.Doorkeeper;
import bedload.web.Live;
import bedload.web.Metrics;
import bedload.web.OperatorRoutes;
import bedload.web.Pages;
import bedload.web.RerunRounds;
import bedload.web.Sessions;
import bedload.web.mcp.McpOperations;
import bedload.web.query.Changes;
import bedload.web.query.DdsqlQueries;
import bedload.web.query.DdsqlRoutes;
import bedload.web.query.QueryOperations;
import bedload.web.query.RecordRounds;
import bedload.web.source.SourceOperations;
import bedload.wire.AccessKey;
import bedload.wire.AccessKeys;
import bedload.wire.AwsDoor;
import bedload.wire.CannotListenException;
import bedload.wire.FixedAccessKeys;
import bedload.wire.HttpFront;
import bedload.wire.ListenAddress;
import bedload.wire.Operation;
import bedload.wire.PageTokens;
import bedload.work.Heartbeat;
import bedload.work.Node;
import bedload.work.Presence;
import bedload.work.Workshop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The whole service, from its settings: every object is made here, by {@code new}, in an order in
 * which it can be read. What is started first ends last.
 */
public final class Wiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private final Closing closing;
  private final RunningService service;

  private Wiring(Closing closing, RunningService service) {
    this.closing = closing;
    this.service = service;
  }

  /**
   * Starts a service and returns when it takes calls.
   *
   * @throws CommandFault if something is missing that a user can provide; nothing is left running
   */
  public static Wiring start(Settings settings) {
    return start(settings, System.getenv());
  }

  /**
   * As the other.
   *
   * @param begins told of each step of the start that may take long, when it begins
   */
  public static Wiring start(Settings settings, Consumer<String> begins) {
    return start(settings, System.getenv(), begins);
  }

  /**
   * As the other.
   *
   * @param environment where the variables of AWS and of OpenTelemetry are
   */
  static Wiring start(Settings settings, Map<String, String> environment) {
    return start(settings, environment, _ -> {});
  }

  private static Wiring start(
      Settings settings, Map<String, String> environment, Consumer<String> begins) {
    Closing closing = new Closing();
    boolean isStarted = false;
    try {
      RunningService service = start(settings, environment, begins, closing);
      isStarted = true;
      return new Wiring(closing, service);
    } catch (DatabaseUnavailableException | CannotListenException e) {
      throw new CommandFault(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
    } finally {
      if (!isStarted) {
        closing.close();
      }
    }
  }

  private static RunningService start(
      Settings settings,
      Map<String, String> environment,
      Consumer<String> begins,
      Closing closing) {
    SecureRandom random = new SecureRandom();
    DataDirectory data = closing.add("data directory", DataDirectory.open(settings.data(), random));
    closing.add("log", LogFile.open(data.paths().logs(), settings.log()));
    begins.accept("database");
    Server server = server(settings, data.paths().root(), closing);
    DatabaseAddress address = server.address();
    begins.accept("tables of the database");
    Database database = closing.add("database connections", Database.open(address));
    Jdbi jdbi = database.jdbi();
    DatabaseClock clock = closing.add("database clock", new DatabaseClock(jdbi));
    Books books = Books.open(jdbi, clock, random);
    Credentials credentials =
        settings.database().url() == null
            ? Credentials.load(data.paths(), random)
            : Credentials.load(data.paths(), books.installation(), random);
    AccountKeys account = credentials.accounts().getFirst();

    begins.accept("object store");
    SharedS3 sharedS3 = new SharedS3(books.installation(), data.nodeId());
    String s3 = startS3(settings, data.paths(), database, sharedS3, credentials, closing);
    ObjectStores stores =
        closing.add("S3 client", objectStores(settings, s3, sharedS3, credentials));

    begins.accept("catalog");
    List<ResourceType> types = ResourceTypes.builtIn();
    Catalog catalog = Catalog.open(jdbi, types);
    catalog.ruleTags(settings.tagRules().stream().map(TagRuleSetting::rule).toList());
    begins.accept("models, work and the API");
    Figures figures = new Figures(jdbi);
    Metrics metrics = new Metrics(figures::reading, clock);
    Meters meters = new Meters(metrics.registry());
    ModelMap models = closing.add("models", models(settings, environment, random, meters));

    OwnSources ownSources = new OwnSources(jdbi, clock);
    for (AccountKeys own : credentials.accounts()) {
      ownSources.declare(own.account(), settings.region());
    }
    OwnJobs ownJobs = new OwnJobs(jdbi, catalog, ownSources);
    closing.add("collecting", CollectLoop.start("Collecting own jobs", ownJobs::step));
    Sources sources = new Sources(jdbi, clock);
    ResourceEvents events = new ResourceEvents(jdbi, clock);
    collectSources(settings, data.nodeId(), jdbi, catalog, sources, events, clock, random, closing);
    Overview overview = new Overview(jdbi);
    Traces traces = closing.add("traces", traces(environment, data.nodeId()));
    announce(settings, books, overview, traces, data.nodeId(), clock, closing);
    if (settings.role().works()) {
      Workshop workshop =
          closing.add(
              "work",
              new Workshop(
                  new Node(data.nodeId(), data.paths().root(), Heartbeat.DEFAULT, settings.drain()),
                  database.dataSource(),
                  clock,
                  books,
                  stores,
                  models,
                  settings.workRules(),
                  meters,
                  traces));
      workshop.start();
    }

    PageTokens tokens = new PageTokens(credentials.pagingKey().getBytes(StandardCharsets.US_ASCII));
    Map<String, ReaderLogin> logins = admit(settings, catalog, credentials);
    ReadingDesk desk =
        closing.add(
            "questions",
            new ReadingDesk(address, viewer -> Optional.ofNullable(logins.get(viewer))));
    ReadingDesk maskedDesk =
        closing.add(
            "masked questions",
            new ReadingDesk(
                address, viewer -> maskedLogin(viewer, settings, catalog, credentials)));
    followChanges(settings, books, jdbi, desk, types, credentials, data.nodeId(), clock, closing);
    Changes changes = new Changes(desk, types, clock);
    RecordRounds recordRounds =
        closing.add(
            "reading of records",
            new RecordRounds(
                new RecordShelf(jdbi), books.ledger(), job -> stores.of(job.account()), clock));
    closing.add(
        "records that are asked for",
        CollectLoop.start("Reading records of jobs", recordRounds::step));
    List<Operation> operations =
        Stream.of(
                BedrockOperations.over(
                    books.ledger(), books.tags(), served(models), S3UriForm.AWS, tokens),
                QueryOperations.over(desk, types, clock, changes),
                McpOperations.over(desk, maskedDesk, types, clock, version()),
                SourceOperations.over(sources, ownSources, new EventForm(types), events))
            .flatMap(List::stream)
            .toList();
    AwsDoor door =
        new AwsDoor(
            settings.role().takesCalls() ? operations : List.of(),
            accessKeys(credentials),
            clock,
            settings.region());
    ListenAddress listen = new ListenAddress(settings.listen().host(), settings.listen().port());
    Live live = new Live(viewer -> overview.mark(new AccountId(viewer), settings.region()));
    PaceLog pace = new PaceLog(jdbi, clock);
    PaceRounds paceRounds = new PaceRounds(pace, model -> inFlight(models, model), clock);
    closing.add("pace", CollectLoop.start("Noting the pace of jobs", paceRounds::step));
    Reruns reruns = new Reruns(jdbi, clock);
    RerunRounds rerunRounds = new RerunRounds(reruns, books.steps(), books.ledger(), stores);
    closing.add(
        "reruns", CollectLoop.start("Copying failed records to run them again", rerunRounds::step));
    // Closed before its loop: what is being copied has to be left.
    closing.add("copies of failed records", rerunRounds);
    Pages.Shelf shelf =
        new Pages.Shelf(
            books.ledger(),
            overview,
            books.queuePlaces(),
            new RecordErrors(jdbi),
            pace,
            desk,
            new SavedQuestions(jdbi),
            sources,
            ownSources,
            stores,
            reruns,
            types,
            viewer -> settings.policySeenBy(viewer, account.accountId(), types),
            model -> models.find(model).map(served -> served.limit().why().sentence()));
    Pages pages = pages(settings, jdbi, shelf, credentials, clock, random, live);
    OperatorRoutes operator =
        operator(figures, server, metrics, models, books, accessKeys(credentials));
    DdsqlQueries ddsql =
        closing.add(
            "Datadog's questions", new DdsqlQueries(desk, clock, random, Duration.ofSeconds(3)));
    DdsqlRoutes datadog = new DdsqlRoutes(ddsql, accessKeys(credentials));
    HttpFront front =
        closing.add(
            "API",
            HttpFront.start(
                listen,
                door,
                config -> {
                  operator.addTo(config);
                  if (settings.role().takesCalls()) {
                    pages.addTo(config);
                    datadog.addTo(config);
                  }
                }));
    front.beforeStop(live::close);
    front.beforeStop(changes::close);
    closing.add("presence", Presence.start(books.nodes(), self(settings, data.nodeId(), front)));
    closing.add("wait for the database", database::closeIfAway);

    RunningService service =
        new RunningService(
            ProcessHandle.current().pid(),
            settings.listen().withPort(front.port()).url(),
            s3,
            settings.region(),
            account.account(),
            account.accessKeyId(),
            account.secretAccessKey(),
            sqlUrl(address, logins.get(account.account())),
            sqlUrl(
                address,
                masked(
                    catalog, settings.rightOf(account.accountId(), account.accountId()), account)));
    service.publish(data.paths());
    return service;
  }

  private static Nodes.Self self(Settings settings, String nodeId, HttpFront front) {
    return new Nodes.Self(
        nodeId,
        settings.role().settingName(),
        settings.listen().withPort(front.port()).url(),
        "%d at %s".formatted(ProcessHandle.current().pid(), hostName()),
        version());
  }

  /** Returns the version of the jar; empty if this runs without one. */
  private static String version() {
    String version = Wiring.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a host without a name";
    }
  }

  private static Traces traces(Map<String, String> environment, String node) {
    try {
      return Traces.open(environment, node);
    } catch (IllegalArgumentException e) {
      throw new CommandFault(ExitCode.SETTINGS, String.valueOf(e.getMessage()), e);
    }
  }

  /** Before any work is done: what happens from now on is told, even if it is told later. */
  private static void announce(
      Settings settings,
      Books books,
      Overview overview,
      Traces traces,
      String node,
      InstantSource clock,
      Closing closing) {
    List<Audience> audiences = settings.events().open(clock);
    Stream<String> told = audiences.stream().map(Audience::name);
    Stream<String> traced = traces.areOn() ? Stream.of(JobTraces.AUDIENCE) : Stream.of();
    books.announcements().engage(Stream.concat(told, traced).collect(toSet()));
    if (traces.areOn()) {
      JobTraces jobs =
          new JobTraces(
              books.announcements(), books.audiences(), overview, books.ledger(), traces, node);
      closing.add("traces of jobs", CollectLoop.start("Tracing jobs", jobs::step));
    }
    for (Audience audience : audiences) {
      Announcer announcer =
          closing.add(
              "events", new Announcer(books.announcements(), books.audiences(), audience, node));
      closing.add(
          "telling of events",
          CollectLoop.start("Telling the " + audience.name() + " of events", announcer::step));
    }
  }

  /** As with events, what happens from now on is told, even if it is told later. */
  private static void followChanges(
      Settings settings,
      Books books,
      Jdbi jdbi,
      ReadingDesk desk,
      List<ResourceType> types,
      Credentials credentials,
      String node,
      InstantSource clock,
      Closing closing) {
    Followers followers = new Followers(jdbi);
    Set<String> names = settings.changes().stream().map(ChangesSetting::name).collect(toSet());
    books
        .audiences()
        .engage(
            Audiences.Subject.CHANGES, names.stream().map(ChangeTeller::bookName).collect(toSet()));
    followers.keepOnly(names);
    for (ChangesSetting setting : settings.changes()) {
      ChangeFeed feed = setting.feed(desk, types, credentials, clock);
      followers.enter(setting.name(), feed::now);
      ChangeTeller teller =
          new ChangeTeller(
              setting.name(),
              books.audiences(),
              followers,
              feed,
              setting.webhook().open(clock),
              clock,
              node);
      closing.add(
          "telling of changes",
          CollectLoop.start("Telling " + setting.name() + " of changes", teller::step));
      // Closed before its loop: the call that is under way is cut off.
      closing.add("changes", teller);
    }
  }

  /** Starts to collect from other accounts; the loop ends before the syncs that it began. */
  private static void collectSources(
      Settings settings,
      String node,
      Jdbi jdbi,
      Catalog catalog,
      Sources sources,
      ResourceEvents events,
      InstantSource clock,
      RandomGenerator random,
      Closing closing) {
    SdkProviders providers = closing.add("AWS clients", new SdkProviders());
    SourceRounds rounds =
        closing.add(
            "syncs",
            new SourceRounds(
                settings.allSources(),
                providers,
                node,
                jdbi,
                catalog,
                sources,
                events,
                clock,
                System::nanoTime,
                random));
    closing.add("sources", CollectLoop.start("Collecting sources", rounds::step));
    closing.add(
        "announced changes", CollectLoop.start("Asking for announced changes", rounds::eventStep));
    for (EventsQueue queue : settings.eventsQueues()) {
      QueueListener listener = providers.listener(queue, new EventForm(catalog.types()), events);
      // Closed in the opposite order: a listener has to let go before its loop can end.
      closing.add("queue", CollectLoop.start("Reading events from " + queue.url(), listener::step));
      closing.add("queue listener", listener);
    }
  }

  private static Pages pages(
      Settings settings,
      Jdbi jdbi,
      Pages.Shelf shelf,
      Credentials credentials,
      InstantSource clock,
      SecureRandom random,
      Live live) {
    Sessions sessions =
        new Sessions(
            new Logins(jdbi),
            wanted ->
                credentials.accounts().stream()
                    .filter(keys -> keys.account().equals(wanted))
                    .map(AccountKeys::secretAccessKey)
                    .findFirst(),
            clock,
            random);
    return new Pages(shelf, settings.region(), clock, new Doorkeeper(sessions), live);
  }

  private static PaceLog.@Nullable InFlight inFlight(ModelMap models, String modelId) {
    return models
        .find(modelId)
        .map(ServedModel::limit)
        .map(limit -> new PaceLog.InFlight(limit.inFlight(), limit.size()))
        .orElse(null);
  }

  private static OperatorRoutes operator(
      Figures figures,
      Server server,
      Metrics metrics,
      ModelMap models,
      Books books,
      AccessKeys keys) {
    for (String pattern : models.patterns()) {
      models
          .find(pattern)
          .map(ServedModel::limit)
          .ifPresent(
              limit -> {
                metrics.watchModel(pattern, limit::inFlight, limit::size);
                metrics.watchReason(
                    pattern, WindowReason.Cause.labels(), () -> limit.why().cause().label());
              });
    }
    return new OperatorRoutes(
        metrics,
        figures::ping,
        server.trouble(),
        books.nodes()::lines,
        key -> keys.accountOfBearer(key).isPresent());
  }

  /** Returns the URL of the object store, after starting it if it is bedload's own. */
  private static String startS3(
      Settings settings,
      DataPaths paths,
      Database database,
      SharedS3 shared,
      Credentials credentials,
      Closing closing) {
    URI outside = settings.s3().endpoint();
    if (outside != null) {
      return outside.toString();
    }
    shared.take();
    HostPort listen = settings.s3().listen();
    KeyRing keys =
        id ->
            credentials
                .ofAccessKey(id)
                .map(pair -> new KeyRing.Key(pair.accountId(), pair.secretAccessKey()));
    try {
      EmbeddedS3 s3 =
          closing.add(
              "embedded S3",
              EmbeddedS3.start(
                  listen.host(),
                  listen.port(),
                  settings.s3().domains(),
                  database,
                  paths.objects(),
                  keys));
      String url = listen.withPort(s3.port()).url();
      shared.publish(url);
      return url;
    } catch (IOException e) {
      throw new CommandFault(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
    }
  }

  private static ObjectStores objectStores(
      Settings settings, String s3, SharedS3 shared, Credentials credentials) {
    if (settings.s3().endpoint() != null && !shared.isAt(s3)) {
      AwsCredentialsProvider ours = DefaultCredentialsProvider.builder().build();
      return settings.s3().assumesRoles()
          ? ObjectStores.assumingRoles(URI.create(s3), settings.region(), ours, settings.s3().sts())
          : new ObjectStores(URI.create(s3), settings.region(), account -> ours);
    }
    return new ObjectStores(
        URI.create(s3),
        settings.region(),
        account ->
            credentials
                .of(account)
                .map(
                    keys ->
                        StaticCredentialsProvider.create(
                            AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())))
                .orElseThrow(
                    () -> new IllegalStateException("Account " + account + " has no keys here")));
  }

  private static ModelMap models(
      Settings settings, Map<String, String> environment, RandomGenerator random, Meters meters) {
    try {
      return new ModelMap(
          settings.modelEntries(),
          environment,
          Patience.DEFAULT,
          InstantSource.system(),
          random,
          meters::calls,
          settings.modelConnections().rules());
    } catch (IllegalArgumentException e) {
      throw new CommandFault(ExitCode.SETTINGS, String.valueOf(e.getMessage()), e);
    }
  }

  private static ServedModels served(ModelMap models) {
    return new ServedModels() {
      @Override
      public boolean serves(String modelId) {
        return models.find(modelId).isPresent();
      }

      @Override
      public boolean embeds(String modelId) {
        return models.embeds(modelId);
      }

      @Override
      public List<String> configuredIds() {
        return models.patterns();
      }
    };
  }

  /** Returns the logins of the accounts whose users the database lets in. */
  private static Map<String, ReaderLogin> admit(
      Settings settings, Catalog catalog, Credentials credentials) {
    AccountId first = credentials.accounts().getFirst().accountId();
    Map<String, ReaderLogin> logins = new LinkedHashMap<>();
    for (AccountKeys account : credentials.accounts()) {
      Right right = settings.rightOf(account.accountId(), first);
      switch (catalog.admit(account.account(), right, account.sqlPassword())) {
        case Admission.Admitted(String user) ->
            logins.put(account.account(), new ReaderLogin(user, account.sqlPassword()));
        case Admission.Closed(String reason) ->
            LOG.warn("SQL for users of account {} is off: {}", account.account(), reason);
      }
    }
    return logins;
  }

  private static Optional<ReaderLogin> maskedLogin(
      String viewer, Settings settings, Catalog catalog, Credentials credentials) {
    AccountId first = credentials.accounts().getFirst().accountId();
    return credentials.accounts().stream()
        .filter(account -> account.account().equals(viewer))
        .findFirst()
        .map(account -> masked(catalog, settings.rightOf(account.accountId(), first), account));
  }

  /** Returns the account's login for people who shall see nothing that users fed. */
  private static @Nullable ReaderLogin masked(Catalog catalog, Right right, AccountKeys account) {
    String password = account.maskedSqlPassword();
    return switch (catalog.admit(account.account(), right.masked(), password)) {
      case Admission.Admitted(String user) -> new ReaderLogin(user, password);
      case Admission.Closed _ -> null;
    };
  }

  /** Returns where a reader finds the catalog; empty if the database lets it not in. */
  private static String sqlUrl(DatabaseAddress address, @Nullable ReaderLogin login) {
    return login == null ? "" : SqlUrl.of(address.as(login.user(), login.password()));
  }

  /**
   * The database's server, the user's or ours.
   *
   * @param trouble what is known of one of ours that has ended; nothing is of the user's
   */
  private record Server(DatabaseAddress address, Supplier<Optional<String>> trouble) {}

  private static Server server(Settings settings, Path data, Closing closing) {
    String url = settings.database().url();
    if (url == null) {
      EmbeddedPostgres postgres = closing.add("embedded database", EmbeddedPostgres.start(data));
      return new Server(postgres.address(), postgres::trouble);
    }
    try {
      return new Server(DatabaseAddress.parse(url), Optional::empty);
    } catch (IllegalArgumentException e) {
      throw new CommandFault(ExitCode.SETTINGS, String.valueOf(e.getMessage()), e);
    }
  }

  private static AccessKeys accessKeys(Credentials credentials) {
    return new FixedAccessKeys(
        credentials.accounts().stream()
            .map(keys -> new AccessKey(keys.accessKeyId(), keys.account(), keys.secretAccessKey()))
            .toList(),
        credentials.accounts().stream()
            .collect(Collectors.toMap(AccountKeys::bearerKey, AccountKeys::account)));
  }

  /** Returns where the service is and how to speak to it. */
  public RunningService service() {
    return service;
  }

  /** Ends the service in order: no new calls, running work to a safe point, then the database. */
  @Override
  public void close() {
    closing.close();
  }
}
