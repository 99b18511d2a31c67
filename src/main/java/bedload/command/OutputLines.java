package bedload.command;

import bedload.job.S3Uri;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads the outputs of a job line by line, and tells which lines hold an error. */
final class OutputLines {
  static final String EXTENSION = ".out";
  static final String MANIFEST = "manifest.json.out";

  /** The service writes no longer line: the record's, the model's answer, and what is around. */
  private static final int LONGEST_STRING = 256 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(2_000)
                  .maxStringLength(LONGEST_STRING)
                  .build())
          .build();

  private OutputLines() {}

  /**
   * A record that failed.
   *
   * @param modelInput the bytes of the JSON object as they stand in the output
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes go on uncopied; nobody compares failures
  record Failed(String recordId, byte[] modelInput, int errorCode, String errorMessage) {}

  /** Returns the outputs of a job, in the order of their names; none before it has ended. */
  static List<S3Uri> outputs(BatchClient client, JobOnWire job) {
    return client.objects(job.outputFolder()).stream()
        .filter(object -> object.key().endsWith(".jsonl" + EXTENSION))
        .toList();
  }

  /** Hands on each failed record of an output, in its order. */
  static void failed(BatchClient client, S3Uri output, CommandSpec spec, Consumer<Failed> sink)
      throws IOException {
    try (WaitLine wait = WaitLine.of(spec, "Reading " + output.fileName(), 0, WaitLine.Unit.BYTES);
        InputStream content =
            new BufferedInputStream(wait.counting(client.read(output)), 1 << 16)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = content.read(); b >= 0; b = content.read()) {
        if (b == '\n') {
          read(line.toByteArray(), sink);
          line.reset();
        } else {
          line.write(b);
        }
      }
      read(line.toByteArray(), sink);
    }
  }

  private static void read(byte[] line, Consumer<Failed> sink) {
    if (line.length == 0) {
      return;
    }
    String recordId = "";
    byte[] modelInput = null;
    boolean hasFailed = false;
    int errorCode = 0;
    String errorMessage = "";
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      parser.nextToken();
      String name;
      while ((name = parser.nextName()) != null) {
        JsonToken value = parser.nextToken();
        switch (name) {
          case "modelInput" -> {
            long from = parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            long to = parser.currentLocation().getByteOffset();
            modelInput = Arrays.copyOfRange(line, (int) from, (int) to);
          }
          case "recordId" -> recordId = parser.getString();
          case "error" -> {
            hasFailed = value == JsonToken.START_OBJECT;
            String member;
            while ((member = parser.nextName()) != null) {
              parser.nextToken();
              switch (member) {
                case "errorCode" -> errorCode = parser.getValueAsInt();
                case "errorMessage" -> errorMessage = parser.getValueAsString("");
                default -> parser.skipChildren();
              }
            }
          }
          default -> parser.skipChildren();
        }
      }
    }
    if (hasFailed && modelInput != null) {
      sink.accept(new Failed(recordId, modelInput, errorCode, errorMessage));
    }
  }
}
