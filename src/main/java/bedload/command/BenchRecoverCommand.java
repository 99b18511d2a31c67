package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how long a kill keeps a job from its next call. */
@Command(
    name = "recover",
    description = {
      "From kill -9 of the node that works on a job to the job's next call: by the same node, started",
      "again at once, and by another node, which has to miss the first."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload bench recover --rounds 5"})
final class BenchRecoverCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  /** One shard: then only one node works on it. */
  private static final int RECORDS = 4000;

  private static final SlotServer.Form FORM =
      new SlotServer.Form(16, Duration.ofMillis(400), false, false);

  @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Mixin private final BenchDatabaseOption shared = new BenchDatabaseOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return UntilSignal.run(this::bench).number();
  }

  private ExitCode bench() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path folder = TemporaryFolder.create("bedload-bench-");
    try (SlotServer server = SlotServer.start(FORM);
        BenchDatabase database = shared.open(folder.resolve("database"))) {
      List<Double> same = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        same.add(sameNode(folder.resolve("same-" + i), server));
      }
      tell(out, "same node, started again at once", same);
      List<Double> other = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        other.add(otherNode(folder.resolve("other"), server, database.url(), i));
      }
      tell(out, "another node", other);
    } finally {
      TemporaryFolder.remove(folder);
    }
    return ExitCode.OK;
  }

  private static void tell(PrintWriter out, String what, List<Double> seconds) {
    out.println(
        "%-33s  %s s to the next call, median of %d rounds"
            .formatted(what, new Rounds(seconds).text(2), seconds.size()));
    out.flush();
  }

  private static double sameNode(Path data, SlotServer server)
      throws IOException, InterruptedException {
    List<String> options = List.of("--model", BenchJob.entry(server.url()));
    long killed;
    BenchNode first = BenchNode.start(data, options);
    try (BatchClient client = BatchClient.of(first.service())) {
      long began = System.nanoTime();
      BenchJob.create(client, first.service(), RECORDS);
      awaitCall(server, began);
    } finally {
      killed = first.kill();
    }
    try (BenchNode _ = BenchNode.start(data, options)) {
      return seconds(killed, awaitCall(server, killed));
    }
  }

  private static double otherNode(Path folder, SlotServer server, String url, int round)
      throws IOException, InterruptedException {
    List<String> options = BenchJob.options(url, server.url());
    // The same data directory in each round: the database knows where the objects are.
    try (BenchNode api = BenchNode.start(folder.resolve("api"), with(options, "--role", "api"))) {
      List<String> worker = with(options, "--role", "worker", "--s3-endpoint", api.service().s3());
      BenchNode first = BenchNode.start(folder.resolve("first-" + round), worker);
      try (BatchClient client = BatchClient.of(api.service())) {
        long began = System.nanoTime();
        String arn = BenchJob.create(client, api.service(), RECORDS);
        awaitCall(server, began);
        try (BenchNode _ = BenchNode.start(folder.resolve("second-" + round), worker)) {
          long killed = first.kill();
          double seconds = seconds(killed, awaitCall(server, killed));
          client.stop(arn);
          return seconds;
        }
      } finally {
        first.kill();
      }
    }
  }

  private static List<String> with(List<String> options, String... more) {
    return Stream.concat(options.stream(), Stream.of(more)).toList();
  }

  private static long awaitCall(SlotServer server, long after) throws InterruptedException {
    long until = System.nanoTime() + LONGEST.toNanos();
    while (System.nanoTime() < until) {
      OptionalLong call = server.firstCallAfter(after);
      if (call.isPresent()) {
        return call.getAsLong();
      }
      Thread.sleep(LOOK_EVERY);
    }
    throw new CommandFault(ExitCode.NO, "No call came within " + LONGEST.toSeconds() + " s.");
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }
}
