package bedload;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.annotation.JsonCreator;

/** How the log is written, as settings have it: {@code plain} or {@code json}. */
public enum LogForm {
  /** A line for people. */
  PLAIN {
    @Override
    Encoder<ILoggingEvent> encoder(LoggerContext context) {
      PatternLayoutEncoder encoder = new PatternLayoutEncoder();
      encoder.setContext(context);
      encoder.setPattern(PATTERN);
      encoder.start();
      return encoder;
    }
  },
  /** An object a line, for programs: the job a line is about is a member of its own. */
  JSON {
    @Override
    Encoder<ILoggingEvent> encoder(LoggerContext context) {
      JsonEncoder encoder = new JsonEncoder();
      encoder.setContext(context);
      encoder.setWithContext(false);
      encoder.setWithSequenceNumber(false);
      encoder.setWithNanoseconds(false);
      encoder.setWithArguments(false);
      encoder.setWithMessage(false);
      encoder.setWithFormattedMessage(true);
      encoder.start();
      return encoder;
    }
  };

  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{30} [%thread] %msg%n";

  /** Reads the name. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static LogForm ofName(String name) {
    return switch (name) {
      case "plain" -> PLAIN;
      case "json" -> JSON;
      default ->
          throw new IllegalArgumentException("a log is plain or json; this is '" + name + "'");
    };
  }

  /** Returns what turns events into lines. */
  abstract Encoder<ILoggingEvent> encoder(LoggerContext context);
}
