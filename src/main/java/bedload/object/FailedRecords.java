package bedload.object;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads a job's output line by line, and tells which lines hold an error. */
public final class FailedRecords {
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

  private FailedRecords() {}

  /**
   * A record that failed.
   *
   * @param modelInput the bytes of the JSON object as they stand in the output
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes go on uncopied; nobody compares failures
  public record Failed(String recordId, byte[] modelInput, int errorCode, String errorMessage) {}

  /** Takes one failed record after another. */
  @FunctionalInterface
  public interface Sink {
    void take(Failed failed) throws IOException;
  }

  /** Hands on each failed record of an output, in its order. */
  public static void read(InputStream output, Sink sink) throws IOException {
    InputStream content = new BufferedInputStream(output, 1 << 16);
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

  private static void read(byte[] line, Sink sink) throws IOException {
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
      sink.take(new Failed(recordId, modelInput, errorCode, errorMessage));
    }
  }
}
