package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.job.S3Uri;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells why records of a job failed. */
@Command(
    description = "Tell why records of a job failed: its errors by code, with samples of each.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload errors abcdefghij12"})
final class ErrorsCommand implements Callable<Integer> {
  @Mixin private final JobArgument which = new JobArgument();

  @Mixin private final JsonOption json = new JsonOption();
  @Mixin private final TargetOption target = new TargetOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    ErrorGroups groups = new ErrorGroups();
    JobOnWire job;
    try (BatchClient client = target.client()) {
      job = ended(client, which.identifier());
      for (S3Uri output : OutputLines.outputs(client, job)) {
        OutputLines.failed(client, output, spec, groups::add);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isWanted()) {
      JsonOption.write(out, groups.document(job.arn()));
      return ExitCode.OK.number();
    }
    if (!job.message().isEmpty()) {
      out.println(
          "The job is %s: %s".formatted(job.status().wireName(), Printable.of(job.message())));
    }
    groups.lines().forEach(out::println);
    out.println(CountText.of(groups.count(), "record") + " failed");
    return ExitCode.OK.number();
  }

  /**
   * Returns a job that has ended.
   *
   * @throws CommandFault if it runs: its outputs are written at its end
   */
  static JobOnWire ended(BatchClient client, String identifier) {
    JobOnWire job = client.job(identifier);
    if (!job.status().isFinal()) {
      throw notEnded(job);
    }
    return job;
  }

  /** Returns what is to be said where the outputs of a job that runs are wanted. */
  static CommandFault notEnded(JobOnWire job) {
    return new CommandFault(
        ExitCode.NO,
        "The job is %s, and its outputs are written when it ends. Wait for it with: bedload job %s --wait"
            .formatted(job.status().wireName(), job.id()));
  }
}
