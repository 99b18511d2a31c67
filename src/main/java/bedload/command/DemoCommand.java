package bedload.command;

import bedload.ExitCode;
import bedload.RunningService;
import bedload.Settings;
import bedload.SettingsReader;
import bedload.Wiring;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.AbortedException;

/** Runs a whole batch job in one go, in this process, over the real interfaces. */
@Command(
    description = "Start a service, run a batch job on it, and show every part of the result.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The exit status is 0 only if the job is Completed and every record has exactly one output line.",
      "",
      "Example:",
      "  bedload demo --records 1000 --data ./demo-data --keep"
    })
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--records",
      paramLabel = "N",
      description = "How many records the job has (default: one for each sentence of the sample).")
  private @Nullable Integer records;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Keep the service's data there (default: a temporary folder, removed at the end).")
  private @Nullable Path data;

  @Option(
      names = "--keep",
      description = "Leave the service running, in the foreground, until Ctrl-C or SIGTERM.")
  private boolean keep;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (records != null && records < 1) {
      throw new ParameterException(
          spec.commandLine(), "--records: at least 1 is wanted, this is " + records);
    }
    return UntilSignal.run(this::demo).number();
  }

  private ExitCode demo() throws Exception {
    if (data != null) {
      return demo(data);
    }
    Path folder = TemporaryFolder.create("bedload-demo-");
    try {
      return demo(folder);
    } finally {
      TemporaryFolder.remove(folder);
    }
  }

  private ExitCode demo(Path folder) throws IOException {
    // Free ports, so that a demo never meets a service that runs already.
    Settings settings =
        SettingsReader.read(
            null,
            Map.of(),
            Map.of("data", folder.toString(), "listen", "127.0.0.1:0", "s3.listen", "127.0.0.1:0"));
    int wanted = records == null ? DemoInput.sentences().size() : records;
    long startNanos = System.nanoTime();
    try (Wiring wiring = Wiring.start(settings)) {
      RunningService service = wiring.service();
      DemoStory story = new DemoStory(spec.commandLine().getOut(), service, wanted);
      story.tellStart(folder, System.nanoTime() - startNanos);
      ExitCode outcome = story.run();
      story.tellCommands(keep || data != null ? folder : null, keep);
      if (keep) {
        awaitSignal();
      }
      return outcome;
    } catch (InterruptedException | AbortedException e) {
      return ExitCode.INTERRUPTED;
    }
  }

  private static void awaitSignal() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // The job is over and its outcome stands; what is left is to end the service.
    }
  }
}
