package bedload.work;

import bedload.job.InputRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the record of a line, or says what is wrong with it. The modelInput is checked to be JSON
 * and handed on as the bytes that stand there. Thread-safe.
 */
final class RecordReader {
  private static final int LONGEST_RECORD_ID = 256;
  private static final int EXCERPT_CHARS = 80;
  private static final int DEEPEST = 1_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(Lines.LONGEST_LINE_BYTES)
                  .build())
          .build();

  /** A line is a record, or it is at fault. */
  sealed interface Reading {
    /** The line holds this record. */
    record Good(InputRecord record) implements Reading {}

    /** The line breaks this rule. */
    record Bad(LineFault fault) implements Reading {}
  }

  /**
   * Reads one line that is not blank; {@code number} counts lines from 1, {@code ordinal} records
   * from 0.
   */
  Reading read(Lines.Line line, long number, long ordinal) {
    byte[] bytes = line.bytes();
    if (bytes == null) {
      return bad(
          number,
          1,
          "a line holds at most %,d bytes".formatted(Lines.LONGEST_LINE_BYTES),
          "%,d bytes".formatted(line.endByte() - line.firstByte()));
    }
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      try {
        return read(parser, bytes, number, ordinal);
      } catch (JacksonException e) {
        TokenStreamLocation known = e.getLocation();
        TokenStreamLocation at =
            known == null || known.getByteOffset() < 0 ? parser.currentLocation() : known;
        long column = Math.max(1, at.getByteOffset() + 1);
        return bad(number, column, "a line is one JSON object", e.getOriginalMessage());
      }
    }
  }

  private static Reading read(JsonParser parser, byte[] bytes, long number, long ordinal) {
    JsonToken first = parser.nextToken();
    if (first != JsonToken.START_OBJECT) {
      return bad(number, 1, "a line is one JSON object", excerpt(bytes, 0));
    }
    String recordId = null;
    byte[] modelInput = null;
    String name;
    while ((name = parser.nextName()) != null) {
      JsonToken value = parser.nextToken();
      long from = parser.currentTokenLocation().getByteOffset();
      switch (name) {
        case "modelInput" -> {
          if (value != JsonToken.START_OBJECT) {
            return bad(number, from + 1, "modelInput is a JSON object", excerpt(bytes, (int) from));
          }
          if (modelInput != null) {
            return bad(number, from + 1, "modelInput stands once", "a second one");
          }
          parser.skipChildren();
          long to = parser.currentLocation().getByteOffset();
          modelInput = Arrays.copyOfRange(bytes, (int) from, (int) to);
        }
        case "recordId" -> {
          if (value == JsonToken.VALUE_NULL) {
            continue;
          }
          if (value != JsonToken.VALUE_STRING) {
            return bad(number, from + 1, "recordId is a string", excerpt(bytes, (int) from));
          }
          recordId = parser.getString();
          if (recordId.length() > LONGEST_RECORD_ID) {
            return bad(
                number,
                from + 1,
                "recordId has at most %d characters".formatted(LONGEST_RECORD_ID),
                "%d characters".formatted(recordId.length()));
          }
        }
        // Further members mean nothing and do no harm, as on AWS.
        default -> parser.skipChildren();
      }
    }
    long end = parser.currentLocation().getByteOffset();
    if (parser.nextToken() != null) {
      return bad(
          number, end + 1, "nothing follows the object on its line", excerpt(bytes, (int) end));
    }
    return modelInput == null
        ? bad(number, 1, "a record has a modelInput", excerpt(bytes, 0))
        : new Reading.Good(new InputRecord(ordinal, recordId, modelInput));
  }

  private static Reading bad(long line, long column, String rule, @Nullable String found) {
    return new Reading.Bad(
        new LineFault(line, column, rule, found == null ? "something else" : found));
  }

  private static String excerpt(byte[] bytes, int from) {
    int to = Math.min(bytes.length, from + EXCERPT_CHARS);
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    return text.strip() + (to < bytes.length ? "…" : "");
  }
}
