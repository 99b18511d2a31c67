package bedload;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * The service's log: everything from INFO on goes to a file in the data directory, while {@code
 * logback.xml} lets only warnings reach the terminal. At most 5 files of 20 MB.
 */
public final class LogFile implements AutoCloseable {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{30} [%thread] %msg%n";

  private final LoggerContext context;
  private final RollingFileAppender<ILoggingEvent> appender;
  private final Path file;

  private LogFile(LoggerContext context, RollingFileAppender<ILoggingEvent> appender, Path file) {
    this.context = context;
    this.appender = appender;
    this.file = file;
  }

  /** Begins to write to {@code bedload.log} in a folder, after what earlier runs wrote there. */
  public static LogFile open(Path folder, boolean verbose) {
    Path file = folder.resolve("bedload.log");
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName("file");
    appender.setFile(file.toString());

    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();

    FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
    names.setContext(context);
    names.setParent(appender);
    names.setFileNamePattern(folder.resolve("bedload.%i.log").toString());
    names.setMinIndex(1);
    names.setMaxIndex(4);
    names.start();

    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(FileSize.valueOf("20MB"));
    size.start();

    appender.setEncoder(encoder);
    appender.setRollingPolicy(names);
    appender.setTriggeringPolicy(size);
    appender.start();

    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    if (verbose) {
      context.getLogger("bedload").setLevel(Level.DEBUG);
    }
    return new LogFile(context, appender, file);
  }

  /** Returns where the log is. */
  public Path file() {
    return file;
  }

  @Override
  public void close() {
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(appender);
    appender.stop();
  }
}
