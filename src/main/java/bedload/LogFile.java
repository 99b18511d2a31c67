package bedload;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
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
  private final LoggerContext context;
  private final RollingFileAppender<ILoggingEvent> appender;
  private final Path file;

  private LogFile(LoggerContext context, RollingFileAppender<ILoggingEvent> appender, Path file) {
    this.context = context;
    this.appender = appender;
    this.file = file;
  }

  /** Begins to write to {@code bedload.log} in a folder, after what earlier runs wrote there. */
  public static LogFile open(Path folder, LogForm form) {
    Path file = folder.resolve("bedload.log");
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName("file");
    appender.setFile(file.toString());

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

    appender.setEncoder(form.encoder(context));
    appender.setRollingPolicy(names);
    appender.setTriggeringPolicy(size);
    appender.start();

    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    terminal(context, form);
    return new LogFile(context, appender, file);
  }

  /** What a container's log holds is the terminal's part: it must have the same form. */
  private static void terminal(LoggerContext context, LogForm form) {
    Appender<ILoggingEvent> terminal =
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("terminal");
    if (form == LogForm.JSON && terminal instanceof OutputStreamAppender<ILoggingEvent> stream) {
      stream.setEncoder(form.encoder(context));
    }
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
