package bedload.object;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads a job's output record by record. */
public final class OutputRecords {
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

  private OutputRecords() {}

  /**
   * A record, with the bytes of its JSON values as they stand in the output.
   *
   * @param modelOutput null if the record failed
   * @param error null if it did not
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes go on uncopied; nobody compares records
  public record OutputRecord(
      String recordId, byte[] modelInput, byte @Nullable [] modelOutput, @Nullable Failure error) {}

  /** Why a record failed. */
  public record Failure(int code, String message) {}

  /** Takes one record after another. */
  @FunctionalInterface
  public interface Sink {
    /** Takes a record, and says whether the next one is wanted. */
    boolean take(OutputRecord read) throws IOException;
  }

  /**
   * Hands on each record of an output, in its order, until no more is wanted.
   *
   * @return false if the sink wanted no more
   */
  public static boolean read(InputStream output, Sink sink) throws IOException {
    InputStream content = new BufferedInputStream(output, 1 << 16);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = content.read(); b >= 0; b = content.read()) {
      if (b == '\n') {
        if (!read(line.toByteArray(), sink)) {
          return false;
        }
        line.reset();
      } else {
        line.write(b);
      }
    }
    return read(line.toByteArray(), sink);
  }

  private static boolean read(byte[] line, Sink sink) throws IOException {
    if (line.length == 0) {
      return true;
    }
    String recordId = "";
    byte[] modelInput = null;
    byte[] modelOutput = null;
    Failure error = null;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      parser.nextToken();
      String name;
      while ((name = parser.nextName()) != null) {
        JsonToken value = parser.nextToken();
        switch (name) {
          case "modelInput" -> modelInput = value(parser, line);
          case "modelOutput" -> modelOutput = value(parser, line);
          case "recordId" -> recordId = parser.getString();
          case "error" -> error = value == JsonToken.START_OBJECT ? failure(parser) : null;
          default -> parser.skipChildren();
        }
      }
    }
    return modelInput == null
        || sink.take(new OutputRecord(recordId, modelInput, modelOutput, error));
  }

  private static byte[] value(JsonParser parser, byte[] line) {
    long from = parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    long to = parser.currentLocation().getByteOffset();
    return Arrays.copyOfRange(line, (int) from, (int) to);
  }

  private static Failure failure(JsonParser parser) {
    int code = 0;
    String message = "";
    String member;
    while ((member = parser.nextName()) != null) {
      parser.nextToken();
      switch (member) {
        case "errorCode" -> code = parser.getValueAsInt();
        case "errorMessage" -> message = parser.getValueAsString("");
        default -> parser.skipChildren();
      }
    }
    return new Failure(code, message);
  }
}
