package bedload.command;

import ai.onnxruntime.OrtException;
import bedload.ExitCode;
import bedload.job.ModelInvocationType;
import bedload.job.RecordOutcome;
import bedload.model.ModelMap;
import bedload.model.Patience;
import bedload.model.ServedModel;
import bedload.model.minilm.EmbeddingBench;
import bedload.model.minilm.MiniLm;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what a record of embeddings costs beside the call of the model. */
@Command(
    name = "embed",
    description =
        "Records a second of the in-process embedding model, from body to output, and of ONNX Runtime called in a loop on the same texts.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload bench embed --rounds 5 --records 400"})
final class BenchEmbedCommand implements Callable<Integer> {
  private static final String MODEL = "amazon.titan-embed-text-v2:0";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Rounds of both after the warm-up, of which the median counts (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  private int rounds = 5;

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "Records in a round (default: ${DEFAULT-VALUE}).",
      defaultValue = "400")
  private int records = 400;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, IOException, OrtException {
    List<String> texts = IntStream.range(0, records).mapToObj(BenchEmbedCommand::text).toList();
    double[] bare = new double[rounds];
    double[] whole = new double[rounds];
    try (MiniLm model = MiniLm.load();
        ModelMap map =
            new ModelMap(
                ModelMap.DEFAULT_ENTRIES,
                Map.of(),
                Patience.DEFAULT,
                InstantSource.system(),
                new Random(1))) {
      ServedModel served = map.find(MODEL).orElseThrow();
      // The two by turns, so that whatever else the machine does is shared fairly.
      for (int i = -1; i < rounds; i++) {
        double bareSeconds = EmbeddingBench.bareSeconds(model, texts);
        double wholeSeconds = seconds(served, texts);
        if (i >= 0) {
          bare[i] = records / bareSeconds;
          whole[i] = records / wholeSeconds;
        }
      }
    }
    report(bare, whole);
    return ExitCode.OK.number();
  }

  private void report(double[] bare, double[] whole) {
    PrintWriter out = spec.commandLine().getOut();
    double[] shares =
        IntStream.range(0, rounds).mapToDouble(i -> 100 * whole[i] / bare[i]).toArray();
    out.println(
        "                        median (least to most of %d rounds of %,d records)"
            .formatted(rounds, records));
    line(out, "ONNX Runtime, records/s", bare);
    line(out, "bedload, records/s", whole);
    line(out, "share, %", shares);
  }

  private static void line(PrintWriter out, String name, double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    out.println(
        String.format(
            Locale.ROOT,
            "%-23s  %6.1f (%.1f to %.1f)",
            name,
            sorted[sorted.length / 2],
            sorted[0],
            sorted[sorted.length - 1]));
  }

  /** As a worker does it: a thread for each record, each with its place in flight. */
  private static double seconds(ServedModel served, List<String> texts)
      throws InterruptedException, IOException {
    long began = System.nanoTime();
    List<Future<RecordOutcome>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String text : texts) {
        byte[] body = "{\"inputText\":\"%s\"}".formatted(text).getBytes(StandardCharsets.UTF_8);
        running.add(threads.submit(() -> served.answer(body, ModelInvocationType.INVOKE_MODEL)));
      }
      for (Future<RecordOutcome> each : running) {
        if (each.get() instanceof RecordOutcome.Failure failure) {
          throw new IllegalStateException("A text was not embedded: " + failure.message());
        }
      }
    } catch (ExecutionException broken) {
      throw new IOException("A text could not be embedded", broken.getCause());
    }
    return (System.nanoTime() - began) / 1e9;
  }

  /** From a few words to a short paragraph, as records are. */
  private static String text(int number) {
    return "Record %d. ".formatted(number)
        + "The coarse part of a river's load rolls along its bed. ".repeat(1 + number % 13);
  }
}
