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
          EmbeddedPostgres server = EmbeddedPostgres.start(place);
          Database database = Database.open(server.address())) {
        return measure(endpoint, database).number();
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
  private ExitCode measure(ListServer endpoint, Database database) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    listed(endpoint, WARM_UP_PAGES);
    int callsBefore = endpoint.calls();
    long began = System.nanoTime();
    int listed = listed(endpoint, Integer.MAX_VALUE);
    double listedPerSecond = perSecond(listed, Duration.ofNanos(System.nanoTime() - began));
    out.println("%-30s %10s %10s %12s".formatted("", "rows", "calls", "rows/s"));
    out.println(
        "%-30s %,10d %,10d %,12.0f"
            .formatted(
                "list calls of the SDK", listed, endpoint.calls() - callsBefore, listedPerSecond));
    Catalog catalog =
        Catalog.open(
            database.jdbi(),
            ResourceTypes.builtIn().stream().filter(type -> type.table().equals(TABLE)).toList());
    catalog.admit(ACCOUNT, KEY);
    Sources sources = new Sources(database.jdbi(), InstantSource.system());
    SourceStatus first;
    SourceStatus second;
    try (SdkProviders providers = new SdkProviders();
        SourceRounds rounds = rounds(endpoint, database, catalog, sources, providers)) {
      first = synced(rounds, sources);
      endpoint.add(newJobs);
      second = synced(rounds, sources);
    }
    double syncedPerSecond = perSecond(first.newRows(), took(first));
    write(out, "first sync", first);
    write(out, "second sync, %,d jobs more".formatted(newJobs), second);
    out.println();
    out.println(
        "The first sync comes to %.0f %% of the bare calls; the goal is %d %%."
            .formatted(100 * syncedPerSecond / listedPerSecond, GOAL_PERCENT));
    out.flush();
    boolean isWhole = listed == jobs && first.newRows() == jobs && second.newRows() == newJobs;
    return isWhole ? ExitCode.OK : ExitCode.NO;
  }

  private static void write(PrintWriter out, String what, SourceStatus sync) {
    out.println(
        "%-30s %,10d %,10d %,12.0f%s"
            .formatted(
                what,
                sync.newRows(),
                sync.calls(),
                perSecond(sync.newRows(), took(sync)),
                sync.error() == null ? "" : " " + sync.error()));
  }

  /** Lists as a loop of one's own would, and looks at each job; returns how many there were. */
  private static int listed(ListServer endpoint, int mostPages) {
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
      int pages = 0;
      do {
        var page = client.listModelInvocationJobs(request);
        rows += page.invocationJobSummaries().size();
        token = page.nextToken();
        request = request.toBuilder().nextToken(token).build();
        pages++;
      } while (token != null && pages < mostPages);
    }
    return rows;
  }

  private static SourceRounds rounds(
      ListServer endpoint,
      Database database,
      Catalog catalog,
      Sources sources,
      SdkProviders providers) {
    Source source =
        new Source(
            new AccountId(ACCOUNT),
            REGION,
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

  private static SourceStatus synced(SourceRounds rounds, Sources sources)
      throws InterruptedException {
    Instant asked = sources.syncNow(ACCOUNT, ACCOUNT, REGION).orElseThrow();
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
