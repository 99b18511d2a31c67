package bedload.command;

import bedload.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Kills a service again and again in the middle of a job, and counts what was paid twice. */
@Command(
    name = "kills",
    description = {
      "Kill -9 of a whole service, at random moments of one job, started again at once after each.",
      "Counts records lost and doubled, and the calls that were made again: those that the model",
      "server had answered before the kill, and those in flight when it came."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload bench kills --kills 30"})
final class BenchKillsCommand implements Callable<Integer> {
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
  private static final int LEAST_MILLIS = 100;
  private static final int MOST_MILLIS = 400;

  /** A kill comes within a second of the first call; this many are answered until then. */
  private static final int RECORDS_A_KILL_AND_PLACE = 3;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "Default: ${DEFAULT-VALUE}.",
      defaultValue = "500")
  private int kills = 500;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Calls in flight at once. Default: ${DEFAULT-VALUE}.",
      defaultValue = "100")
  private int inFlight = 100;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  /** What the output of the job holds. */
  private record Output(int lost, int doubled, int wrong) {}

  @Override
  public Integer call() throws Exception {
    return UntilSignal.run(this::bench).number();
  }

  private ExitCode bench() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path folder = TemporaryFolder.create("bedload-bench-");
    int records = kills * inFlight * RECORDS_A_KILL_AND_PLACE;
    try (PaidCalls server = PaidCalls.start(LEAST_MILLIS, MOST_MILLIS)) {
      List<String> options = List.of("--config", config(folder, server).toString());
      List<Long> killed = new ArrayList<>();
      long began = System.nanoTime();
      String arn = strike(folder.resolve("data"), options, server, records, killed);
      double seconds = (System.nanoTime() - began) / 1e9;
      Output output = finish(folder.resolve("data"), options, arn, records);
      PaidCalls.Repeats repeats = server.repeats(killed);
      tell(out, killed.size(), seconds, server.answers(), output, repeats);
      boolean isGood = output.lost() + output.doubled() + output.wrong() + repeats.others() == 0;
      return isGood ? ExitCode.OK : ExitCode.NO;
    } finally {
      TemporaryFolder.remove(folder);
    }
  }

  private Path config(Path folder, PaidCalls server) throws IOException {
    return Files.writeString(
        folder.resolve("bedload.yaml"),
        """
        models:
          - id: %s
            url: %s
            served: bench
            family: openai-chat
            max-in-flight: %d
        """
            .formatted(BenchJob.MODEL, server.url(), inFlight));
  }

  /** Makes the job, kills as often as is wanted or until the job has ended; returns its ARN. */
  private String strike(
      Path data, List<String> options, PaidCalls server, int records, List<Long> killed)
      throws IOException, InterruptedException {
    String arn = "";
    while (killed.size() < kills) {
      int before = server.received();
      BenchNode node = BenchNode.start(data, options);
      try (BatchClient client = BatchClient.of(node.service())) {
        if (arn.isEmpty()) {
          arn = BenchJob.create(client, node.service(), records);
        }
        awaitCall(server, before);
        Thread.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextInt(1000)));
        if (client.job(arn).status().isFinal()) {
          return arn;
        }
        killed.add(System.nanoTime());
      } finally {
        node.kill();
      }
    }
    return arn;
  }

  /** Waits for the first call of a start; a job that is not calling any more is killed as well. */
  private static void awaitCall(PaidCalls server, int before) throws InterruptedException {
    long until = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (server.received() == before && System.nanoTime() < until) {
      Thread.sleep(LOOK_EVERY);
    }
  }

  private static Output finish(Path data, List<String> options, String arn, int records)
      throws IOException, InterruptedException {
    try (BenchNode node = BenchNode.start(data, options);
        BatchClient client = BatchClient.of(node.service())) {
      BenchJob.await(client, arn, records);
      BitSet seen = new BitSet();
      int doubled = 0;
      int wrong = 0;
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  client.read(OutputLines.outputs(client, client.job(arn)).getFirst()),
                  StandardCharsets.UTF_8))) {
        int expected = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          JsonNode json = JsonMapper.shared().readTree(line);
          int number = Integer.parseInt(json.path("recordId").asString("").substring(1));
          doubled += seen.get(number) ? 1 : 0;
          seen.set(number);
          wrong += number == expected++ && line.contains("\"Record " + number + "\"") ? 0 : 1;
        }
      }
      return new Output(records - seen.cardinality(), doubled, wrong);
    }
  }

  private static void tell(
      PrintWriter out,
      int kills,
      double seconds,
      int answers,
      Output output,
      PaidCalls.Repeats repeats) {
    out.println(
        String.format(
            Locale.ROOT,
            "%d kills in %.0f s, %d answers: %d records lost, %d doubled, %d wrong",
            kills,
            seconds,
            answers,
            output.lost(),
            output.doubled(),
            output.wrong()));
    out.println(spread("answered before a kill, called again", repeats.answered()));
    out.println(spread("in flight at a kill, called again", repeats.inFlight()));
    out.println("called again without a kill: " + repeats.others());
    out.flush();
  }

  private static String spread(String what, List<Integer> figures) {
    int[] sorted = figures.stream().mapToInt(Integer::intValue).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%-38s  %6.1f on average, median %d, nine of ten at most %d, most %d",
        what,
        Arrays.stream(sorted).average().orElse(0),
        sorted.length == 0 ? 0 : sorted[sorted.length / 2],
        sorted.length == 0 ? 0 : sorted[sorted.length * 9 / 10],
        sorted.length == 0 ? 0 : sorted[sorted.length - 1]);
  }
}
