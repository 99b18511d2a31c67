package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.SettingsReader;
import bedload.job.InputRecord;
import bedload.job.ModelInvocationType;
import bedload.job.Price;
import bedload.model.ModelEntry;
import bedload.model.ModelMap;
import bedload.model.Patience;
import bedload.model.ServedModel;
import bedload.work.InputCheck;
import bedload.work.InputSample;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Says before a job what it will take, from a sample of its records. */
@Command(
    description = {
      "Say what a job over a file will take: time, tokens and, where the model's entry has a price, cost.",
      "A sample of the records is really answered by the model; exit status 1 if none of them is."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  bedload estimate input.jsonl --model 'meta.llama3-2=http://127.0.0.1:11434/v1#llama3.2'"
    })
final class EstimateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "A file of one JSON object a line.")
  private @Nullable Path file;

  @Option(
      names = "--model",
      paramLabel = "ID",
      required = true,
      description = "A model of the settings' map; or ID=URL#SERVED, as for serve.")
  private String model = "";

  @Option(names = "--config", paramLabel = "FILE", description = "Settings in YAML.")
  private @Nullable Path config;

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "How many records are answered (default: ${DEFAULT-VALUE}).",
      defaultValue = "20")
  private int sample = 20;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "How many calls are made at once, now and, for the time, in the job (default: ${DEFAULT-VALUE}).",
      defaultValue = "4")
  private int inFlight = 4;

  @Option(names = "--converse", description = "The records are Converse bodies.")
  private boolean converse;

  @Mixin private final JsonOption json = new JsonOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (sample < 1 || inFlight < 1) {
      throw new CommandFault(ExitCode.USAGE, "--sample and --in-flight have to be 1 or more.");
    }
    long records = count();
    try (InputStream content = Files.newInputStream(wanted());
        ModelMap map = map()) {
      ServedModel served = served(map);
      List<InputRecord> chosen = InputSample.of(content, records, sample);
      ModelInvocationType type =
          converse ? ModelInvocationType.CONVERSE : ModelInvocationType.INVOKE_MODEL;
      // A first call loads weights and opens connections, which a job pays once.
      served.answer(chosen.getFirst().modelInput(), type);
      SampleRun run = sampled(chosen, served, type);
      return report(run, records, chosen.size(), map.price(id())).number();
    }
  }

  private SampleRun sampled(List<InputRecord> chosen, ServedModel served, ModelInvocationType type)
      throws InterruptedException, IOException {
    try (WaitLine wait =
        WaitLine.of(spec, "Calling the model for", chosen.size(), WaitLine.Unit.RECORDS)) {
      return SampleRun.of(chosen, served, type, Math.min(inFlight, served.limit().size()), wait);
    }
  }

  private ExitCode report(SampleRun run, long records, int sampled, Optional<Price> price) {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Spread> spreads = new LinkedHashMap<>();
    spreads.put("seconds", Spread.ofSum(run.seconds(), records).times(1.0 / inFlight));
    run.inputTokens().ifPresent(each -> spreads.put("inputTokens", Spread.ofSum(each, records)));
    run.outputTokens().ifPresent(each -> spreads.put("outputTokens", Spread.ofSum(each, records)));
    price.flatMap(run::costs).ifPresent(each -> spreads.put("cost", Spread.ofSum(each, records)));
    List<String> failures = run.failures();
    if (json.isWanted()) {
      JsonOption.write(out, document(records, sampled, failures, spreads));
    } else {
      write(out, records, sampled, price.isPresent(), failures, spreads);
    }
    return failures.size() == sampled ? ExitCode.NO : ExitCode.OK;
  }

  private ObjectNode document(
      long records, int sampled, List<String> failures, Map<String, Spread> spreads) {
    ObjectNode document =
        JsonNodeFactory.instance
            .objectNode()
            .put("records", records)
            .put("sampled", sampled)
            .put("failed", failures.size())
            .put("inFlight", inFlight);
    spreads.forEach(
        (name, spread) ->
            document
                .putObject(name)
                .put("low", spread.low())
                .put("likely", spread.likely())
                .put("high", Double.isInfinite(spread.high()) ? null : (Double) spread.high()));
    if (!failures.isEmpty()) {
      document.put("firstFailure", failures.getFirst());
    }
    return document;
  }

  private void write(
      PrintWriter out,
      long records,
      int sampled,
      boolean hasPrice,
      List<String> failures,
      Map<String, Spread> spreads) {
    out.println(
        String.format(
            Locale.ROOT,
            "%,d records; %,d of them were answered as a sample (in brackets: the bounds that hold 19 times of 20):",
            records,
            sampled));
    line(out, "time", spreads.get("seconds"), "s at %d calls at once".formatted(inFlight), 1);
    line(out, "tokens in", spreads.get("inputTokens"), "", 0);
    line(out, "tokens out", spreads.get("outputTokens"), "", 0);
    if (hasPrice) {
      line(out, "cost", spreads.get("cost"), "in the currency of the model's price", 4);
    } else {
      out.println("  cost        unknown: the model's entry has no price");
    }
    if (!failures.isEmpty()) {
      out.println(
          "  %d of %d failed, the first with: %s"
              .formatted(failures.size(), sampled, Printable.of(failures.getFirst())));
    }
  }

  private static void line(
      PrintWriter out, String name, @Nullable Spread spread, String unit, int digits) {
    String number = "%,." + digits + "f";
    String words =
        Optional.ofNullable(spread)
            .map(
                known ->
                    String.format(Locale.ROOT, number, known.likely())
                        + (Double.isInfinite(known.high())
                            ? " (one record says nothing of the spread)"
                            : String.format(
                                Locale.ROOT,
                                " (" + number + " to " + number + ")",
                                known.low(),
                                known.high()))
                        + (unit.isEmpty() ? "" : " " + unit))
            .orElse("unknown: the server does not say");
    out.println("  %-11s %s".formatted(name, words));
  }

  private Path wanted() {
    return Objects.requireNonNull(file);
  }

  private long count() {
    InputCheck.Report report = ValidateCommand.check(spec, wanted());
    String whyNot = ValidateCommand.whyNot(report);
    if (!whyNot.isEmpty()) {
      throw new CommandFault(
          ExitCode.NO,
          "%s has %s, so a job over it would fail: see bedload validate %s"
              .formatted(wanted(), whyNot, wanted()));
    }
    return report.records();
  }

  private String id() {
    return model.contains("=") ? model.substring(0, model.indexOf('=')) : model;
  }

  private ModelMap map() {
    try {
      List<ModelEntry> entries =
          SettingsReader.read(
                  config,
                  System.getenv(),
                  model.contains("=") ? Map.of("models", List.of(model)) : Map.of())
              .modelEntries();
      return new ModelMap(
          entries,
          System.getenv(),
          Patience.DEFAULT,
          InstantSource.system(),
          new SplittableRandom());
    } catch (IllegalArgumentException keyMissing) {
      throw new CommandFault(
          ExitCode.SETTINGS, String.valueOf(keyMissing.getMessage()), keyMissing);
    }
  }

  private ServedModel served(ModelMap map) {
    return map.find(id())
        .orElseThrow(
            () ->
                new CommandFault(
                    ExitCode.SETTINGS,
                    "No model is configured for %s; there are: %s"
                        .formatted(id(), String.join(", ", map.patterns()))));
  }
}
