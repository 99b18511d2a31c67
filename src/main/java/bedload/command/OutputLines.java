package bedload.command;

import bedload.job.S3Uri;
import bedload.object.FailedRecords;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** The outputs of a job, and which of their lines hold an error. */
final class OutputLines {
  static final String EXTENSION = ".out";
  static final String MANIFEST = "manifest.json.out";

  private OutputLines() {}

  /** Returns the outputs of a job, in the order of their names; none before it has ended. */
  static List<S3Uri> outputs(BatchClient client, JobOnWire job) {
    return client.objects(job.outputFolder()).stream()
        .filter(object -> object.key().endsWith(".jsonl" + EXTENSION))
        .toList();
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
