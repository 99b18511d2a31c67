package bedload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What other commands need to know of the service that runs on a data directory. It holds a
 * password, so its file is its owner's alone.
 *
 * @param api the URL of the Bedrock API
 * @param s3 the URL of the S3 endpoint that jobs read and write
 * @param accessKeyId of the first account, likewise its secret
 * @param sql how to reach the catalog as the first account's read-only role; its URL form is
 *     libpq's; empty if the database lets no user in
 * @param maskedSql likewise, as its role that sees nothing which users fed
 */
public record RunningService(
    long pid,
    String api,
    String s3,
    String region,
    String account,
    String accessKeyId,
    String secretAccessKey,
    String sql,
    String maskedSql) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Makes the service known; {@link DataDirectory#close()} takes it back. */
  public void publish(DataPaths paths) {
    try {
      PrivateFile.write(
          paths.running(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
    } catch (IOException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE, "Cannot write %s: %s.".formatted(paths.running(), e), e);
    }
  }

  /**
   * Returns the service that runs on a data directory.
   *
   * @throws CommandFault if none does
   */
  public static RunningService find(Path dataDirectory) {
    DataPaths paths = new DataPaths(dataDirectory);
    if (!DataDirectory.isInUse(paths)) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "No bedload runs on the data directory %s. Start one with: bedload serve --data %s"
              .formatted(paths.root(), paths.root()));
    }
    try {
      return JSON.readValue(Files.readString(paths.running()), RunningService.class);
    } catch (NoSuchFileException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "The bedload on the data directory %s is starting or ending. Try again in a moment."
              .formatted(paths.root()),
          e);
    } catch (IOException | JacksonException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "Cannot read %s: %s. Run the command as the user who runs the service."
              .formatted(paths.running(), e.getMessage()),
          e);
    }
  }

  /**
   * Returns the URL of the catalog for psql; with {@code jdbc:} in front it is JDBC's.
   *
   * @throws CommandFault if the database lets no user in
   */
  public String sqlUrl() {
    return open(sql);
  }

  /** As {@link #sqlUrl()}, for JDBC. */
  public String jdbcUrl() {
    return "jdbc:" + sqlUrl();
  }

  /**
   * As {@link #sqlUrl()}, for people who shall see nothing that users fed.
   *
   * @throws CommandFault if the database lets no user in
   */
  public String maskedSqlUrl() {
    return open(maskedSql);
  }

  private static String open(String url) {
    if (url.isEmpty()) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "The service's database lets no user in; a warning in the service's log says why.");
    }
    return url;
  }

  @Override
  public String toString() {
    return "RunningService[pid=%d, api=%s, s3=%s]".formatted(pid, api, s3);
  }
}
