package bedload.command;

import bedload.ExitCode;
import bedload.catalog.Catalog;
import bedload.catalog.ResourceEvents;
import bedload.catalog.ResourceTypes;
import bedload.catalog.SourceStatus;
import bedload.catalog.Sources;
import bedload.collect.SdkProviders;
import bedload.collect.Source;
import bedload.collect.SourceAccess;
import bedload.collect.SourceRounds;
import bedload.database.Database;
import bedload.database.EmbeddedPostgres;
import bedload.job.AccountId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsRequest;
import software.amazon.awssdk.services.bedrock.model.SortJobsBy;
import software.amazon.awssdk.services.bedrock.model.SortOrder;

/** Measures a sync against the calls that it cannot do without. */
@Command(
    name = "sync",
    description = {
      "Collect the jobs of an endpoint in this process that speaks Bedrock's API, and compare with the",
      "AWS SDK's bare list calls in a loop; then collect again, with a few jobs more."
    },
    footer = {
      "",
      "Example: an endpoint that takes 50 ms for a page of 1,000",
      "  bedload bench sync --page-millis 50"
    },
    mixinStandardHelpOptions = true)
final class BenchSyncCommand implements Callable<Integer> {
  private static final String ACCOUNT = "111122223333";
  private static final String REGION = "us-east-1";
  private static final String WARM_UP_REGION = "us-west-2";
  private static final String KEY = "bench";
  private static final String PROFILE = "bench";
  private static final String CREDENTIALS_FILE = "aws.sharedCredentialsFile";
  private static final String NODE = "bench";
  private static final String TABLE = "aws_bedrock_model_invocation_job";
  private static final int PAGE_SIZE = 1_000;
  private static final int WARM_UP_PAGES = 20;
  private static final double MOST_CALLS_PER_SECOND = 10_000;
  private static final int GOAL_PERCENT = 80;

  private static final Duration PAUSE = Duration.ofMillis(20);

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Jobs of the endpoint (default: ${DEFAULT-VALUE}).",
      defaultValue = "100000")
  private int jobs = 100_000;

  @Option(
      names = "--new-jobs",
      paramLabel = "N",
      description = "Jobs that there are more of at the second sync (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  private int newJobs = 100;

  @Option(
      names = "--page-millis",
      paramLabel = "N",
      description =
          "How long the endpoint thinks before it gives a page of 1,000 (default: ${DEFAULT-VALUE}).",
      defaultValue = "0")
  private int pageMillis;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where to put the database (default: the temporary folder).")
  private Optional<Path> folder = Optional.empty();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path place = folder.isPresent() ? folder.get() : TemporaryFolder.create("bedload-bench-sync-");
    Path keys = Files.createTempFile("bedload-bench-sync-", ".keys");
    String before = System.getProperty(CREDENTIALS_FILE);
    try {
      Files.writeString(
          keys,
          """
          [%s]
          aws_access_key_id = %s
          aws_secret_access_key = %s
          """
              .formatted(PROFILE, KEY, KEY));
      System.setProperty(CREDENTIALS_FILE, keys.toString());
      try (ListServer endpoint =
              new ListServer(ACCOUNT, REGION, jobs, Duration.ofMillis(pageMillis));
          ListServer warmUp =
              new ListServer(ACCOUNT, WARM_UP_REGION, WARM_UP_PAGES * PAGE_SIZE, Duration.ZERO);
          EmbeddedPostgres server = EmbeddedPostgres.start(place);
          Database database = Database.open(server.address())) {
        return measure(endpoint, warmUp, database, place).number();
      }
    } finally {
      if (before == null) {
        System.clearProperty(CREDENTIALS_FILE);
      } else {
        System.setProperty(CREDENTIALS_FILE, before);
      }
      Files.deleteIfExists(keys);
      if (folder.isEmpty()) {
        TemporaryFolder.remove(place);
      }
    }
  }

  /** Returns NO if a row is missing: no figure of such a sync means anything. */
  private ExitCode measure(ListServer endpoint, ListServer warmUp, Database database, Path place)
      throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    listed(warmUp);
    int callsBefore = endpoint.calls();
    CpuTime cpu = CpuTime.now(place);
    long began = System.nanoTime();
    int listed = listed(endpoint);
    double listedPerSecond = perSecond(listed, Duration.ofNanos(System.nanoTime() - began));
    out.println(
        "%-30s %10s %10s %10s %24s"
            .formatted("", "rows", "calls", "rows/s", "CPU ms for 1,000 rows:"));
    out.println("%-30s %10s %10s %10s %12s %12s".formatted("", "", "", "", "process", "database"));
    write(
        out,
        "list calls of the SDK",
        listed,
        endpoint.calls() - callsBefore,
        listedPerSecond,
        CpuTime.now(place).since(cpu),
        "");
    Catalog catalog =
        Catalog.open(
            database.jdbi(),
            ResourceTypes.builtIn().stream().filter(type -> type.table().equals(TABLE)).toList());
    catalog.admit(ACCOUNT, KEY);
    Sources sources = new Sources(database.jdbi(), InstantSource.system());
    SourceStatus first;
    SourceStatus second;
    try (SdkProviders providers = new SdkProviders()) {
      try (SourceRounds rounds =
          rounds(WARM_UP_REGION, warmUp, database, catalog, sources, providers)) {
        synced(rounds, sources);
      }
    }
    try (SdkProviders providers = new SdkProviders();
        SourceRounds rounds = rounds(REGION, endpoint, database, catalog, sources, providers)) {
      cpu = CpuTime.now(place);
      first = synced(rounds, sources);
      write(out, "first sync", first, CpuTime.now(place).since(cpu));
      endpoint.add(newJobs);
      cpu = CpuTime.now(place);
      second = synced(rounds, sources);
      write(
          out,
          "second sync, %,d jobs more".formatted(newJobs),
          second,
          CpuTime.now(place).since(cpu));
    }
    double syncedPerSecond = perSecond(first.newRows(), took(first));
    out.println();
    out.println(
        "The first sync comes to %.0f %% of the bare calls; the goal is %d %%."
            .formatted(100 * syncedPerSecond / listedPerSecond, GOAL_PERCENT));
    out.flush();
    boolean isWhole = listed == jobs && first.newRows() == jobs && second.newRows() == newJobs;
    return isWhole ? ExitCode.OK : ExitCode.NO;
  }

  private static void write(PrintWriter out, String what, SourceStatus sync, CpuTime cpu) {
    write(
        out,
        what,
        sync.newRows(),
        sync.calls(),
        perSecond(sync.newRows(), took(sync)),
        cpu,
        sync.error() == null ? "" : " " + sync.error());
  }

  private static void write(
      PrintWriter out,
      String what,
      int rows,
      int calls,
      double perSecond,
      CpuTime cpu,
      String trouble) {
    double thousands = Math.max(1, rows) / 1000.0;
    out.println(
        "%-30s %,10d %,10d %,10.0f %12.1f %12.1f%s"
            .formatted(
                what,
                rows,
                calls,
                perSecond,
                cpu.here().toMillis() / thousands,
                cpu.database().toMillis() / thousands,
                trouble));
  }

  /** Lists as a loop of one's own would, and looks at each job; returns how many there were. */
  private static int listed(ListServer endpoint) {
    int rows = 0;
    try (BedrockClient client =
        BedrockClient.builder()
            .endpointOverride(endpoint.url())
            .region(Region.of(REGION))
            .httpClient(UrlConnectionHttpClient.create())
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, KEY)))
            .build()) {
      ListModelInvocationJobsRequest request =
          ListModelInvocationJobsRequest.builder()
              .maxResults(PAGE_SIZE)
              .sortBy(SortJobsBy.CREATION_TIME)
              .sortOrder(SortOrder.ASCENDING)
              .build();
      String token = null;
      do {
        var page = client.listModelInvocationJobs(request);
        rows += page.invocationJobSummaries().size();
        token = page.nextToken();
        request = request.toBuilder().nextToken(token).build();
      } while (token != null);
    }
    return rows;
  }

  private static SourceRounds rounds(
      String region,
      ListServer endpoint,
      Database database,
      Catalog catalog,
      Sources sources,
      SdkProviders providers) {
    Source source =
        new Source(
            new AccountId(ACCOUNT),
            region,
            new SourceAccess.Profile(PROFILE),
            endpoint.url(),
            Source.DEFAULT_EVERY,
            MOST_CALLS_PER_SECOND);
    return new SourceRounds(
        List.of(source),
        providers,
        NODE,
        database.jdbi(),
        catalog,
        sources,
        new ResourceEvents(database.jdbi(), InstantSource.system()),
        InstantSource.system(),
        System::nanoTime,
        new Random());
  }

  /** Syncs the only source that there is. */
  private static SourceStatus synced(SourceRounds rounds, Sources sources)
      throws InterruptedException {
    Instant asked = sources.syncNow(ACCOUNT, null, null).orElseThrow();
    rounds.step();
    while (true) {
      SourceStatus status = sources.seenBy(ACCOUNT).getFirst();
      if (status.hasEndedSince(asked)) {
        return status;
      }
      Thread.sleep(PAUSE);
    }
  }

  private static Duration took(SourceStatus sync) {
    return Objects.requireNonNull(sync.took(), "a sync that has ended took some time");
  }

  private static double perSecond(int rows, Duration took) {
    return rows / Math.max(1e-3, took.toNanos() / 1e9);
  }
}
