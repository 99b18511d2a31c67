package bedload.command;

import bedload.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Asks for the end of a job. */
@Command(
    description = "Stop a job; what it has finished is kept.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: stop, and see it end",
      "  bedload stop abcdefghij12; bedload job abcdefghij12 --wait"
    })
final class StopCommand implements Callable<Integer> {
  @Mixin private final JobArgument which = new JobArgument();

  @Mixin private final JsonOption json = new JsonOption();
  @Mixin private final TargetOption target = new TargetOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    JobOnWire job;
    try (BatchClient client = target.client()) {
      client.stop(which.identifier());
      job = client.job(which.identifier());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isWanted()) {
      JsonOption.write(out, job.document());
    } else {
      out.println("%s  %s".formatted(job.arn(), job.status().wireName()));
    }
    return ExitCode.OK.number();
  }
}
