package bedload.command;

import bedload.ExitCode;
import bedload.RunningService;
import bedload.Settings;
import bedload.Wiring;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the service until it is told to end. */
@Command(
    description = "Run the service until SIGTERM or Ctrl-C, which end it in order (exit status 0).",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  bedload serve --model 'meta.llama3-2=http://127.0.0.1:11434/v1#llama3.2'"
    })
final class ServeCommand implements Callable<Integer> {
  @Mixin private final ServiceOptions options = new ServiceOptions();

  @Option(
      names = "--test-clock",
      description = {
        "Let the tags bedload:end and bedload:pace of a job choose its end and hasten its timeout,",
        "for tests of what comes after a batch job. Without the flag such a job fails."
      })
  private boolean testClock;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  private final long startNanos;

  /**
   * Makes the command.
   *
   * @param startNanos when the process began, for the line that says how long the start took
   */
  ServeCommand(long startNanos) {
    this.startNanos = startNanos;
  }

  @Override
  public Integer call() throws Exception {
    Settings settings = options.settings(testClock ? Map.of("test-clock", true) : Map.of());
    return UntilSignal.run(() -> serve(settings), settings.drain().plus(UntilSignal.PATIENCE))
        .number();
  }

  private ExitCode serve(Settings settings) throws Exception {
    if (Terminal.isProgressWatched()) {
      spec.commandLine().getErr().println("bedload starts on " + settings.data() + " …");
    }
    try (Wiring wiring = start(settings)) {
      spec.commandLine().getErr().println("bedload pages: " + PageCommand.link(wiring.service()));
      spec.commandLine().getOut().println(readyLine(wiring.service()));
      new CountDownLatch(1).await(); // a signal interrupts it
    } catch (InterruptedException e) {
      // Told to end; the wiring is closed.
    }
    return ExitCode.OK;
  }

  private Wiring start(Settings settings) {
    if (!Terminal.isProgressWatched()) {
      return Wiring.start(settings);
    }
    StartLine line = new StartLine(spec.commandLine().getErr(), System::nanoTime);
    try {
      return Wiring.start(settings, line::begins);
    } finally {
      line.end();
    }
  }

  private String readyLine(RunningService service) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return "bedload ready: api %s s3 %s in %.1f s".formatted(service.api(), service.s3(), seconds);
  }
}
