package bedload.work;

import bedload.job.Ordinals;
import bedload.ledger.RecordFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads out of output lines why their records failed. The line is asked because it is all that is
 * left after a crash, when only the journal or the segment's object knows what the model said.
 */
final class FailedLines {
  // Our own lines: what came in was checked, and a model's answer is passed over.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private FailedLines() {}

  /** Returns the failures among answers. */
  static List<RecordFailure> of(List<Answer> answers) {
    List<RecordFailure> failures = new ArrayList<>();
    for (Answer answer : answers) {
      if (!answer.success()) {
        failure(answer.ordinal(), answer.line(), answer.calls()).ifPresent(failures::add);
      }
    }
    return failures;
  }

  /** Returns the failures among the lines of a stream, which is closed; how many calls is lost. */
  static List<RecordFailure> read(InputStream stream, Ordinals ordinals) throws IOException {
    List<RecordFailure> failures = new ArrayList<>();
    PrimitiveIterator.OfInt ordinal = ordinals.iterator();
    try (Lines lines = new Lines(stream, Integer.MAX_VALUE - 8)) {
      Lines.Line line;
      while ((line = lines.next()) != null && ordinal.hasNext()) {
        int number = ordinal.nextInt();
        byte[] bytes = line.bytes();
        if (bytes != null) {
          failure(number, bytes, 0).ifPresent(failures::add);
        }
      }
    }
    return failures;
  }

  /** Returns why the record of a line failed; empty if it has an answer. */
  private static Optional<RecordFailure> failure(int ordinal, byte[] line, int calls) {
    String recordId = "";
    Fault fault = null;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      parser.nextToken();
      String name;
      while ((name = parser.nextName()) != null) {
        parser.nextToken();
        switch (name) {
          case "error" -> fault = fault(parser);
          case "recordId" -> recordId = parser.getString();
          default -> parser.skipChildren();
        }
      }
    }
    return fault == null
        ? Optional.empty()
        : Optional.of(new RecordFailure(ordinal, recordId, fault.code(), fault.message(), calls));
  }

  private record Fault(int code, String message) {}

  private static @Nullable Fault fault(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return null;
    }
    int code = 0;
    String message = "";
    String name;
    while ((name = parser.nextName()) != null) {
      parser.nextToken();
      switch (name) {
        case "errorCode" -> code = parser.getIntValue();
        case "errorMessage" -> message = parser.getString();
        default -> parser.skipChildren();
      }
    }
    return new Fault(code, message);
  }
}
