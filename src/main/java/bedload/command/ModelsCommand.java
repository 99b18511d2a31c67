package bedload.command;

import bedload.ExitCode;
import bedload.Settings;
import bedload.SettingsReader;
import bedload.model.ModelEntry;
import bedload.model.ModelProbe;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the model map, and tries it. */
@Command(
    description =
        "Show which model server answers for which model id; with --check, try each by one real call (exit status 1 if one fails).",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload models --config bedload.yaml --check"})
final class ModelsCommand implements Callable<Integer> {
  @Option(names = "--config", paramLabel = "FILE", description = "Settings in YAML.")
  private @Nullable Path config;

  @Option(
      names = "--model",
      paramLabel = "ID=URL#SERVED",
      description = "As for serve, in place of the settings' model map. Repeatable.")
  private List<String> models = List.of();

  @Option(names = "--check", description = "Call each model once.")
  private boolean check;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "The longest that a call of --check may take (default: ${DEFAULT-VALUE}): a server may have to load its model first.",
      defaultValue = "60")
  private int timeoutSeconds = 60;

  @Mixin private final JsonOption json = new JsonOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    List<ModelLine> lines = new ArrayList<>();
    List<ModelEntry> entries = settings().modelEntries();
    try (ModelProbe probe =
            new ModelProbe(
                System.getenv(), Duration.ofSeconds(timeoutSeconds), InstantSource.system());
        WaitLine wait =
            WaitLine.of(spec, "Calling", check ? entries.size() : 0, WaitLine.Unit.MODELS)) {
      for (ModelEntry entry : entries) {
        lines.add(
            new ModelLine(
                entry,
                ModelLine.coverOf(entry, entries.subList(0, lines.size())),
                check ? probe.probe(entry) : null));
        wait.add(1);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isWanted()) {
      lines.forEach(line -> JsonOption.write(out, line.json()));
    } else {
      ModelLine.writeTable(lines, out);
    }
    return (lines.stream().allMatch(ModelLine::isSound) ? ExitCode.OK : ExitCode.NO).number();
  }

  private Settings settings() {
    Map<String, Object> flags = new LinkedHashMap<>();
    if (!models.isEmpty()) {
      flags.put("models", models);
    }
    return SettingsReader.read(config, System.getenv(), flags);
  }
}
