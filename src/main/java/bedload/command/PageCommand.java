package bedload.command;

import bedload.ExitCode;
import bedload.RunningService;
import bedload.web.LoginLinks;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a link that logs a browser in. */
@Command(
    description = "Print a link that logs a browser in to the pages of the running service, once.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  xdg-open \"$(bedload page)\""})
final class PageCommand implements Callable<Integer> {
  @Mixin private final DataOption data = new DataOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(link(RunningService.find(data.path())));
    return ExitCode.OK.number();
  }

  /** Returns a new link for the service's account. */
  static String link(RunningService service) {
    return LoginLinks.make(
        service.api(),
        service.account(),
        service.secretAccessKey(),
        Instant.now(),
        new SecureRandom());
  }
}
