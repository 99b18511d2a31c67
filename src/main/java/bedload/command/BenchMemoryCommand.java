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
import org.jdbi.v3.core.Jdbi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what a job's size does to the memory and the rows of a service. */
@Command(
    name = "memory",
    description = {
      "The most memory that a service's process had resident, and the most rows that its database had, over",
      "one job of so many small records. A service in a process of its own, with a new database, for each size."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload bench memory --records 10000,1000000"})
final class BenchMemoryCommand implements Callable<Integer> {
  private static final int GOAL_MEGABYTES = 512;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration TELL_EVERY = Duration.ofSeconds(30);

  @Option(
      names = "--records",
      split = ",",
      paramLabel = "N",
      description = "Sizes of the job (default: ${DEFAULT-VALUE}).",
      defaultValue = "10000,1000000,10000000")
  private List<Integer> sizes = List.of();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  /** What one size came to. */
  private record Figures(long peakBytes, double seconds, Map<String, Long> rows) {}

  @Override
  public Integer call() throws Exception {
    return UntilSignal.run(this::bench).number();
  }

  private ExitCode bench() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("   records  resident MB  goal MB  records/s  rows at most");
    List<Figures> all = new ArrayList<>();
    for (int records : sizes) {
      Figures figures = measure(records);
      all.add(figures);
      out.println(
          String.format(
              Locale.ROOT,
              "%,10d  %11.0f  %7d  %,9.0f  %,12d",
              records,
              megabytes(figures.peakBytes()),
              GOAL_MEGABYTES,
              records / figures.seconds(),
              figures.rows().values().stream().mapToLong(Long::longValue).sum()));
      figures.rows().forEach((table, rows) -> out.println("%46s  %,12d".formatted(table, rows)));
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

  private Figures measure(int records) throws IOException, InterruptedException {
    Path folder = TemporaryFolder.create("bedload-bench-memory-");
    try (InstantServer server = InstantServer.start(folder.resolve("nginx"));
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
      String arn = BenchJob.create(client, node.service(), records);
      JobOnWire job = watch(client, arn, rows, node);
      BenchJob.requireWhole(job, records);
      return new Figures(
          ProcessUse.residentPeakBytes(node.pid()), BenchJob.seconds(job), rows.grown());
    } finally {
      TemporaryFolder.remove(folder);
    }
  }

  /** Returns the job as it ended. */
  private JobOnWire watch(BatchClient client, String arn, RowPeaks rows, BenchNode node)
      throws InterruptedException {
    PrintWriter progress = spec.commandLine().getErr();
    long told = System.nanoTime();
    while (true) {
      JobOnWire job = client.job(arn);
      rows.look();
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
