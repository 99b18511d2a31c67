package bedload.command;

import bedload.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what further nodes bring to one job. */
@Command(
    name = "scale",
    description = {
      "Records a second of one job on 1, 2 and 3 nodes, where the model server is not the limit: from",
      "its first call to its last answer. Nodes are processes of this machine and share its cores."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload bench scale --nodes 1,2,3 --records 60000"})
final class BenchScaleCommand implements Callable<Integer> {
  /** Far more slots than calls that a machine's nodes can have in flight. */
  private static final SlotServer.Form FORM =
      new SlotServer.Form(100_000, Duration.ofMillis(20), false, false);

  @Mixin private final BenchDatabaseOption shared = new BenchDatabaseOption();

  @Option(
      names = "--nodes",
      split = ",",
      paramLabel = "N",
      description = "Default: ${DEFAULT-VALUE}.",
      defaultValue = "1,2,3")
  private List<Integer> counts = List.of();

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "Default: ${DEFAULT-VALUE}.",
      defaultValue = "60000")
  private int records = 60_000;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return UntilSignal.run(this::bench).number();
  }

  private ExitCode bench() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("nodes  records/s  of one node");
    Path folder = TemporaryFolder.create("bedload-bench-");
    try (BenchDatabase database = shared.open(folder.resolve("database"))) {
      double one = 0;
      for (int count : counts) {
        double rate = rate(folder, database, count);
        one = one == 0 ? rate / count : one;
        out.println(String.format(Locale.ROOT, "%5d  %9.0f  %10.2f", count, rate, rate / one));
        out.flush();
      }
    } finally {
      TemporaryFolder.remove(folder);
    }
    return ExitCode.OK;
  }

  private double rate(Path folder, BenchDatabase database, int count)
      throws IOException, InterruptedException {
    List<BenchNode> workers = new ArrayList<>();
    try (SlotServer server = SlotServer.start(FORM)) {
      List<String> options = BenchJob.options(database.url(), server.url());
      List<String> first = new ArrayList<>(options);
      first.addAll(List.of("--role", "all"));
      // The same data directory each time: the database knows where the objects are.
      try (BenchNode all = BenchNode.start(folder.resolve("all"), first);
          BatchClient client = BatchClient.of(all.service())) {
        List<String> others = new ArrayList<>(options);
        others.addAll(List.of("--role", "worker", "--s3-endpoint", all.service().s3()));
        for (int i = 1; i < count; i++) {
          workers.add(BenchNode.start(folder.resolve("worker-" + i), others));
        }
        BenchJob.await(client, BenchJob.create(client, all.service(), records), records);
        return records / server.use().seconds();
      } finally {
        workers.forEach(BenchNode::close);
      }
    }
  }
}
