package bedload.work;

import bedload.job.InputRecord;
import bedload.job.JobId;
import bedload.job.RecordOutcome;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The line that a record gets in the output: its modelInput as it came, then modelOutput or error,
 * then its recordId. The same record and outcome give the same bytes, whichever node writes them.
 */
final class OutputLine {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String ID_ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 11;

  private OutputLine() {}

  /** Returns the line, line feed included. */
  static byte[] of(JobId job, int input, InputRecord record, RecordOutcome outcome) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(record.modelInput().length + 512);
    write(line, "{\"modelInput\":");
    writeOnOneLine(line, record.modelInput());
    switch (outcome) {
      case RecordOutcome.Success success -> {
        write(line, ",\"modelOutput\":");
        writeOnOneLine(line, success.modelOutput());
      }
      case RecordOutcome.Failure failure -> {
        write(line, ",\"error\":{\"errorCode\":" + failure.errorCode() + ",\"errorMessage\":");
        write(line, quoted(failure.message()));
        write(line, "}");
      }
    }
    write(line, ",\"recordId\":");
    String id = record.recordId();
    write(line, quoted(id == null ? madeUpId(job, input, record.ordinal()) : id));
    write(line, "}\n");
    return line.toByteArray();
  }

  private static void write(ByteArrayOutputStream line, String text) {
    line.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A raw line break can only be white space in JSON, and a line of output must be one line. */
  private static void writeOnOneLine(ByteArrayOutputStream line, byte[] json) {
    for (byte b : json) {
      line.write(b == '\n' || b == '\r' ? ' ' : b);
    }
  }

  private static String quoted(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      generator.writeString(text);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /**
   * A record without an id gets one of Bedrock's form, made from its place so that a second run
   * makes the same.
   */
  private static String madeUpId(JobId job, int input, long ordinal) {
    byte[] digest =
        sha256()
            .digest((job.value() + "/" + input + "/" + ordinal).getBytes(StandardCharsets.UTF_8));
    long bits = ByteBuffer.wrap(digest).getLong();
    StringBuilder id = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ID_ALPHABET.charAt((int) Long.remainderUnsigned(bits, ID_ALPHABET.length())));
      bits = Long.divideUnsigned(bits, ID_ALPHABET.length());
    }
    return id.toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
