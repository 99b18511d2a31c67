package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.job.S3Uri;
import bedload.object.FailedRecords;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/** The outputs of a job, and which of their lines hold an error. */
final class OutputLines {
  static final String EXTENSION = ".out";
  static final String MANIFEST = "manifest.json.out";

  private OutputLines() {}

  /**
   * Returns the outputs of a job, in the order of their names; none before it has ended.
   *
   * @throws CommandFault if records were processed and no output is there: "none failed" would be
   *     wrong
   */
  static List<S3Uri> outputs(BatchClient client, JobOnWire job) {
    List<S3Uri> outputs =
        objects(client, job).stream()
            .filter(object -> object.key().endsWith(".jsonl" + EXTENSION))
            .toList();
    if (outputs.isEmpty() && job.status().isFinal() && job.counts().processed() > 0) {
      throw new CommandFault(
          ExitCode.NO,
          "The job has processed %s, but there is no output below %s any more: was it moved or deleted?"
              .formatted(CountText.of(job.counts().processed(), "record"), job.outputFolder()));
    }
    return outputs;
  }

  private static List<S3Uri> objects(BatchClient client, JobOnWire job) {
    try {
      return client.objects(job.outputFolder());
    } catch (NoSuchBucketException gone) {
      return List.of();
    }
  }

  /** Hands on each failed record of an output, in its order. */
  static void failed(BatchClient client, S3Uri output, CommandSpec spec, FailedRecords.Sink sink)
      throws IOException {
    try (WaitLine wait = WaitLine.of(spec, "Reading " + output.fileName(), 0, WaitLine.Unit.BYTES);
        InputStream content = wait.counting(client.read(output))) {
      FailedRecords.read(content, sink);
    }
  }
}
