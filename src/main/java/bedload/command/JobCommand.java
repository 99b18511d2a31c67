package bedload.command;

import bedload.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.AbortedException;

/** Shows a job, now or at its end. */
@Command(
    description = "Show a job; with --wait, how far it is until it ends.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "With --wait the exit status is 0 if the job is Completed, and 1 if it ended otherwise. Ctrl-C leaves the job running.",
      "",
      "Example:",
      "  bedload job arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/abcdefghij12 --wait"
    })
final class JobCommand implements Callable<Integer> {
  @Mixin private final JobArgument which = new JobArgument();

  @Option(names = "--wait", description = "Come back when the job has ended.")
  private boolean wait;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Fetch the results of a job that has ended to this folder.")
  private @Nullable Path output;

  @Mixin private final JsonOption json = new JsonOption();
  @Mixin private final TargetOption target = new TargetOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return UntilSignal.run(this::show).number();
  }

  private ExitCode show() throws IOException {
    try (BatchClient client = target.client()) {
      JobOnWire job = wait ? ended(client) : client.job(which.identifier());
      UsageOnWire usage = client.usage(List.of(job)).get(job.arn());
      PrintWriter out = spec.commandLine().getOut();
      if (json.isWanted()) {
        JsonOption.write(out, UsageOnWire.in(job.document(), usage));
      } else {
        JobPage.write(out, job, usage, client.queueFields(job));
      }
      fetch(client, job);
      return wait ? JobWatch.outcome(job) : ExitCode.OK;
    } catch (InterruptedException | AbortedException e) {
      JobWatch.tellHowToGoOn(spec.commandLine().getErr(), which.identifier());
      return ExitCode.INTERRUPTED;
    }
  }

  private void fetch(BatchClient client, JobOnWire job) throws IOException {
    if (output == null) {
      return;
    }
    if (!job.status().isFinal()) {
      throw ErrorsCommand.notEnded(job);
    }
    Download.outputs(client, job, output, spec)
        .forEach(file -> spec.commandLine().getErr().println("Fetched " + file));
  }

  private JobOnWire ended(BatchClient client) throws InterruptedException {
    return JobWatch.untilEnd(
        client,
        which.identifier(),
        new ProgressLine(spec.commandLine().getErr(), Terminal.isProgressWatched()));
  }
}
