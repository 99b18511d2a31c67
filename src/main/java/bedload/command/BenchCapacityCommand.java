package bedload.command;

import bedload.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how full a service keeps a model server that says nothing of its size. */
@Command(
    name = "capacity",
    description = {
      "How full a job keeps a model server of so many slots that says nothing of them: the share of the",
      "slots' time over the whole job, beside what is possible before the last answers are in, and of the middle",
      "half of it. A service in a process of its own runs for each form."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  bedload bench capacity --slots 8,64,512 --service-ms 200,2000 --seconds 60 --varied"
    })
final class BenchCapacityCommand implements Callable<Integer> {
  private static final double GOAL_PLATEAU = 0.98;
  private static final double GOAL_WHOLE = 0.95;
  private static final int GOAL_SECONDS = 60;

  @Option(
      names = "--slots",
      split = ",",
      paramLabel = "C",
      description = "Calls that the server works on at once (default: ${DEFAULT-VALUE}).",
      defaultValue = "8,64,512")
  private List<Integer> slots = List.of();

  @Option(
      names = "--service-ms",
      split = ",",
      paramLabel = "MS",
      description = "Mean time of a call in its slot (default: ${DEFAULT-VALUE}).",
      defaultValue = "200,2000")
  private List<Integer> serviceMillis = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each job is at full use (default: ${DEFAULT-VALUE}).",
      defaultValue = "60")
  private int seconds = 60;

  @Option(
      names = "--varied",
      description = "Answers differ in length (log-normal), and take their time by it.")
  private boolean varied;

  @Option(
      names = "--refuses",
      description =
          "The server refuses what is beyond its slots, with 429, instead of queueing it.")
  private boolean refuses;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return UntilSignal.run(this::bench).number();
  }

  private ExitCode bench() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "The goals are %.0f %% at the plateau, and %.0f %% of a whole job of %d s or more."
            .formatted(100 * GOAL_PLATEAU, 100 * GOAL_WHOLE, GOAL_SECONDS));
    boolean isMet = true;
    out.println(
        "slots  service ms  records   job s  whole job  possible  plateau  full after s  most at once  refused");
    for (int count : slots) {
      for (int millis : serviceMillis) {
        int records = Math.max(1, (int) (seconds * 1000L * count / millis));
        SlotServer.Form form =
            new SlotServer.Form(count, Duration.ofMillis(millis), varied, refuses);
        SlotServer.Use use = run(form, records);
        double best = SlotServer.bestShare(form, records);
        out.println(
            String.format(
                Locale.ROOT,
                "%5d  %10d  %7d  %6.1f  %8.1f%%  %7.1f%%  %6.1f%%  %12.2f  %12d  %7d",
                count,
                millis,
                records,
                use.seconds(),
                100 * use.share(),
                100 * best,
                100 * use.plateau(),
                use.fullAfterSeconds(),
                use.mostAtOnce(),
                use.refused()));
        out.flush();
        isMet &=
            use.plateau() >= GOAL_PLATEAU && (seconds < GOAL_SECONDS || use.share() >= GOAL_WHOLE);
      }
    }
    if (!isMet) {
      out.println("A goal was missed.");
    }
    return ExitCode.OK;
  }

  private static SlotServer.Use run(SlotServer.Form form, int records)
      throws IOException, InterruptedException {
    Path folder = TemporaryFolder.create("bedload-bench-");
    try (SlotServer server = SlotServer.start(form);
        BenchNode node =
            BenchNode.start(
                folder.resolve("node"), List.of("--model", BenchJob.entry(server.url())));
        BatchClient client = BatchClient.of(node.service())) {
      BenchJob.await(client, BenchJob.create(client, node.service(), records), records);
      return server.use();
    } finally {
      TemporaryFolder.remove(folder);
    }
  }
}
