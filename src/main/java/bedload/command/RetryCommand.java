package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.job.RetryName;
import bedload.job.S3Uri;
import bedload.object.FailedRecords;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Makes a new job of what failed in another. */
@Command(
    description = "Create a new job of only those records of a job that failed.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The new job writes beside the old one. Its ARN is printed; if nothing failed the exit status is 1.",
      "",
      "Example: once more, with another model",
      "  bedload retry abcdefghij12 --model meta.llama3-2"
    })
final class RetryCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Mixin private final JobArgument which = new JobArgument();

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "The new job's model (default: the old one's).")
  private @Nullable String model;

  @Mixin private final JsonOption json = new JsonOption();
  @Mixin private final TargetOption target = new TargetOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (BatchClient client = target.client()) {
      JobOnWire old = ErrorsCommand.ended(client, which.identifier());
      String stamp = Long.toString(System.currentTimeMillis(), 36);
      S3Uri input = old.outputFolder().resolve("retry-" + stamp + "/");
      long records = putFailed(client, old, input);
      if (records == 0) {
        throw new CommandFault(
            ExitCode.NO, "No record of the job has an error in its outputs: nothing to retry.");
      }
      String arn = client.createJob(job(old, stamp, input));
      if (json.isWanted()) {
        JsonOption.write(spec.commandLine().getOut(), client.job(arn).document());
      } else {
        spec.commandLine().getErr().println("A new job of %,d records:".formatted(records));
        spec.commandLine().getOut().println(arn);
      }
      return ExitCode.OK.number();
    }
  }

  private BatchClient.NewJob job(JobOnWire old, String stamp, S3Uri input) {
    return new BatchClient.NewJob(
        RetryName.of(old.name(), stamp),
        model == null ? old.modelId() : model,
        old.roleArn(),
        input,
        old.outputUri(),
        old.timeoutHours());
  }

  /** Puts the failed records of each output into an object of its own; returns how many. */
  private long putFailed(BatchClient client, JobOnWire old, S3Uri folder) throws IOException {
    long records = 0;
    String prefix = old.outputFolder().asPrefix();
    for (S3Uri output : OutputLines.outputs(client, old)) {
      Path file = Files.createTempFile("bedload-retry-", ".jsonl");
      try {
        long failed = writeFailed(client, output, file);
        if (failed > 0) {
          String name = output.key().substring(prefix.length());
          client.put(
              folder.resolve(name.substring(0, name.length() - OutputLines.EXTENSION.length())),
              file);
        }
        records += failed;
      } finally {
        Files.delete(file);
      }
    }
    return records;
  }

  private long writeFailed(BatchClient client, S3Uri output, Path file) throws IOException {
    long[] records = {0};
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      OutputLines.failed(
          client,
          output,
          spec,
          failed -> {
            write(out, failed);
            records[0]++;
          });
    }
    return records[0];
  }

  private static void write(OutputStream out, FailedRecords.Failed failed) {
    try {
      String id = JSON.writeValueAsString(failed.recordId());
      out.write("{\"recordId\":%s,\"modelInput\":".formatted(id).getBytes(StandardCharsets.UTF_8));
      out.write(failed.modelInput());
      out.write('}');
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
