package bedload.command;

import bedload.ExitCode;
import bedload.database.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what a job's size does to the memory and the rows of a service. */
@Command(
    name = "memory",
    description = {
      "The most memory that a service's process had resident, from its start and in each tenth of the job's",
      "time, and the most rows that its database had, over one job of so many records: small ones, unless",
      "--text-bytes says otherwise. A service in a process of its own, with a new database, for each size."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  bedload bench memory --records 10000,1000000",
      "  bedload bench memory --records 3000 --text-bytes 300000 --service-ms 5000"
    })
final class BenchMemoryCommand implements Callable<Integer> {
  private static final int GOAL_MEGABYTES = 512;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration TELL_EVERY = Duration.ofSeconds(30);
  private static final int SPANS = 10;

  /** More calls than a service makes at once of large records: its memory is to be the limit. */
  private static final int SLOTS = 1000;

  @Option(
      names = "--records",
      split = ",",
      paramLabel = "N",
      description = "Sizes of the job (default: ${DEFAULT-VALUE}).",
      defaultValue = "10000,1000000,10000000")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--text-bytes",
      paramLabel = "N",
      description = "Text in each record besides a few words (default: ${DEFAULT-VALUE}).",
      defaultValue = "0")
  private int textBytes;

  @Option(
      names = "--service-ms",
      paramLabel = "MS",
      description =
          "How long each call takes, at a server of 1,000 slots; 0 is one that answers at once (default: ${DEFAULT-VALUE}).",
      defaultValue = "0")
  private int serviceMillis;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  /**
   * What one size came to.
   *
   * @param residentBytes each second of the job
   */
  private record Figures(
      long peakBytes,
      List<Long> residentBytes,
      double seconds,
      Duration processor,
      Map<String, Long> rows) {}

  @Override
  public Integer call() throws Exception {
    return UntilSignal.run(this::bench).number();
  }

  private ExitCode bench() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("   records  resident MB  goal MB  records/s  CPU µs a record  rows at most");
    List<Figures> all = new ArrayList<>();
    for (int records : sizes) {
      Figures figures = measure(records);
      all.add(figures);
      out.println(
          String.format(
              Locale.ROOT,
              "%,10d  %11.0f  %7d  %,9.0f  %,15.1f  %,12d",
              records,
              megabytes(figures.peakBytes()),
              GOAL_MEGABYTES,
              records / figures.seconds(),
              figures.processor().toNanos() / 1e3 / records,
              figures.rows().values().stream().mapToLong(Long::longValue).sum()));
      out.println("            most in each tenth of its time: " + spans(figures.residentBytes()));
      figures.rows().forEach((table, rows) -> out.println("%63s  %,12d".formatted(table, rows)));
      out.flush();
    }
    double most = all.stream().mapToLong(Figures::peakBytes).max().orElse(0);
    double least = all.stream().mapToLong(Figures::peakBytes).min().orElse(1);
    out.println(
        String.format(Locale.ROOT, "The largest peak is %.2f times the least one.", most / least));
    out.flush();
    return megabytes((long) most) <= GOAL_MEGABYTES ? ExitCode.OK : ExitCode.NO;
  }

  private static double megabytes(long bytes) {
    return bytes / (double) (1 << 20);
  }

  private static String spans(List<Long> samples) {
    int spans = Math.min(SPANS, samples.size());
    return IntStream.range(0, spans)
        .mapToObj(
            span ->
                samples
                    .subList(span * samples.size() / spans, (span + 1) * samples.size() / spans)
                    .stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElseThrow())
        .map(bytes -> "%.0f".formatted(megabytes(bytes)))
        .collect(Collectors.joining(" "));
  }

  private Figures measure(int records) throws IOException, InterruptedException {
    Path folder = TemporaryFolder.create("bedload-bench-memory-");
    try (BenchServer server = server(folder);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("database"));
        BenchNode node =
            BenchNode.start(
                folder.resolve("node"), BenchJob.options(postgres.address().url(), server.url()));
        BatchClient client = BatchClient.of(node.service())) {
      Jdbi jdbi =
          Jdbi.create(
              postgres.address().jdbcUrl(),
              postgres.address().user(),
              postgres.address().password());
      RowPeaks rows = new RowPeaks(jdbi);
      List<Long> resident = new ArrayList<>();
      String arn = BenchJob.create(client, node.service(), records, textBytes);
      JobOnWire job = watch(client, arn, rows, node, resident);
      BenchJob.requireWhole(job, records);
      return new Figures(
          ProcessUse.residentPeakBytes(node.pid()),
          resident,
          BenchJob.seconds(job),
          ProcessUse.processor(node.pid()),
          rows.grown());
    } finally {
      TemporaryFolder.remove(folder);
    }
  }

  private BenchServer server(Path folder) throws IOException, InterruptedException {
    return serviceMillis == 0
        ? InstantServer.start(folder.resolve("nginx"))
        : SlotServer.start(
            new SlotServer.Form(SLOTS, Duration.ofMillis(serviceMillis), false, false));
  }

  /** Returns the job as it ended, and adds the memory that the node had meanwhile. */
  private JobOnWire watch(
      BatchClient client, String arn, RowPeaks rows, BenchNode node, List<Long> resident)
      throws InterruptedException {
    PrintWriter progress = spec.commandLine().getErr();
    long told = System.nanoTime();
    while (true) {
      JobOnWire job = client.job(arn);
      rows.look();
      resident.add(ProcessUse.residentBytes(node.pid()));
      if (job.status().isFinal()) {
        return job;
      }
      if (System.nanoTime() - told > TELL_EVERY.toNanos()) {
        told = System.nanoTime();
        progress.println(
            "%s, %,d of %,d records, %.0f MB resident at most"
                .formatted(
                    job.status().wireName(),
                    job.counts().processed(),
                    job.counts().total(),
                    megabytes(ProcessUse.residentPeakBytes(node.pid()))));
        progress.flush();
      }
      Thread.sleep(LOOK_EVERY);
    }
  }
}
