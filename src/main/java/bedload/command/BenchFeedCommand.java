package bedload.command;

import bedload.ExitCode;
import bedload.database.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what bedload itself costs a record, where the model server costs nothing. */
@Command(
    name = "feed",
    description = {
      "Records a second of a job over a model server that answers at once (nginx where it is installed),",
      "durable and from its creation to its end; beside wrk and two scripts that keep nothing, on the same",
      "server and by turns. All share this machine's cores."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload bench feed --records 100000 --rounds 5"})
final class BenchFeedCommand implements Callable<Integer> {
  private static final String WHOLE = "bedload, whole job";
  private static final String PLATEAU = "bedload, plateau";
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "Default: ${DEFAULT-VALUE}.",
      defaultValue = "100000")
  private int records = 100_000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds, of which the median counts (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  private int rounds = 5;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      description =
          "Calls at once of wrk and the scripts; bedload finds its own (default: ${DEFAULT-VALUE}).",
      defaultValue = "64")
  private int atOnce = 64;

  @Option(
      names = "--scripts",
      paramLabel = "DIR",
      description = "The folder of the scripts (default: ${DEFAULT-VALUE}).",
      defaultValue = "${env:BEDLOAD_BENCHMARKS:-benchmarks}")
  private Path scripts = Path.of("benchmarks");

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  /** What one way has come to, round by round. */
  private record Way(List<Double> perSecond, List<Double> processorMicros) {
    Way() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private final Map<String, Way> ways = new LinkedHashMap<>();
  private final List<Double> databaseMicros = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    return UntilSignal.run(this::bench).number();
  }

  private ExitCode bench() throws IOException, InterruptedException {
    Path folder = TemporaryFolder.create("bedload-bench-feed-");
    try (InstantServer server = InstantServer.start(folder.resolve("nginx"));
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("database"));
        BenchNode node =
            BenchNode.start(
                folder.resolve("node"), BenchJob.options(postgres.address().url(), server.url()));
        BatchClient client = BatchClient.of(node.service())) {
      spec.commandLine().getOut().println("Calls are answered by %s.".formatted(server.name()));
      List<Rival> rivals = rivals(server, folder);
      // A job first that does not count: a service runs for long, its compiler has seen the code.
      run(client, node, postgres, new Way(), new Way());
      databaseMicros.clear();
      for (int i = 0; i < rounds; i++) {
        for (Rival rival : rivals) {
          note(rival, rival.run(folder));
        }
        run(client, node, postgres, way(WHOLE), way(PLATEAU));
      }
    } finally {
      TemporaryFolder.remove(folder);
    }
    report();
    return ExitCode.OK;
  }

  private Way way(String name) {
    return ways.computeIfAbsent(name, _ -> new Way());
  }

  private void note(Rival rival, Rival.Run run) {
    Way way = way(rival.name());
    way.perSecond().add(run.perSecond());
    way.processorMicros().add(run.processor().toNanos() / 1e3 / run.records());
  }

  private List<Rival> rivals(InstantServer server, Path folder) throws IOException {
    String url = server.url() + "/chat/completions";
    Path input = folder.resolve("input.jsonl");
    BenchJob.write(input, records);
    List<String> arguments =
        List.of(
            input.toString(),
            folder.resolve("answers.jsonl").toString(),
            url,
            Integer.toString(atOnce));
    return Stream.of(
            Rival.wrk(scripts.resolve("chat.lua"), url, atOnce),
            Rival.script("Python, asyncio", "python3", scripts.resolve("client.py"), arguments),
            Rival.script("Node, fetch", "node", scripts.resolve("client.mjs"), arguments))
        .flatMap(Optional::stream)
        .toList();
  }

  private void run(
      BatchClient client, BenchNode node, EmbeddedPostgres postgres, Way whole, Way plateau)
      throws IOException, InterruptedException {
    Duration serviceBefore = ProcessUse.processor(node.pid());
    Duration databaseBefore = ProcessUse.processor(postgres.pid());
    String arn = BenchJob.create(client, node.service(), records);
    Pace pace = new Pace(records);
    JobOnWire job = client.job(arn);
    while (!job.status().isFinal()) {
      pace.saw(System.nanoTime(), job.counts().processed());
      Thread.sleep(LOOK_EVERY);
      job = client.job(arn);
    }
    BenchJob.requireWhole(job, records);
    double micros = micros(node.pid(), serviceBefore);
    whole.perSecond().add(records / BenchJob.seconds(job));
    whole.processorMicros().add(micros);
    pace.plateau().ifPresent(plateau.perSecond()::add);
    databaseMicros.add(micros(postgres.pid(), databaseBefore));
  }

  private double micros(long pid, Duration before) {
    return ProcessUse.processor(pid).minus(before).toNanos() / 1e3 / records;
  }

  private void report() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%-20s  %-30s  %-24s  %s"
            .formatted("", "records/s", "CPU µs a record", "bedload's whole job to it"));
    double whole = new Rounds(way(WHOLE).perSecond()).median();
    ways.forEach(
        (name, way) -> {
          if (!way.perSecond().isEmpty()) {
            Rounds rates = new Rounds(way.perSecond());
            out.println(
                "%-20s  %-30s  %-24s  %.2f"
                    .formatted(
                        name,
                        rates.text(0),
                        way.processorMicros().isEmpty()
                            ? ""
                            : new Rounds(way.processorMicros()).text(1),
                        whole / rates.median()));
          }
        });
    out.println(
        "%-20s  %-30s  %s".formatted("its database", "", new Rounds(databaseMicros).text(1)));
    out.println(
        "Median (least to most) of %d rounds of %,d records; the aim is to be no slower than the scripts."
            .formatted(rounds, records));
    out.flush();
  }
}
