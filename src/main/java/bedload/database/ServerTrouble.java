package bedload.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Why the embedded server did not start, in words for the person at the console. */
final class ServerTrouble {
  private static final int LOG_LINES = 8;
  private static final long LOG_BYTES = 8_192;

  /** What is to be done, by what the system or the server says. */
  private static final Map<String, String> REMEDIES =
      Map.ofEntries(
          Map.entry("No space left on device", "Make room on the disk of %s, then start again."),
          Map.entry("Disk quota exceeded", "Make room in the disk quota of %s, then start again."),
          Map.entry(
              "could not look up effective user ID",
              "The user that runs bedload has no line in /etc/passwd, and initdb wants one: run it as a user with a name (in a container image: USER bedload)."),
          Map.entry(
              "Read-only file system",
              "The directory %s must be writable: choose another one with --data."),
          Map.entry(
              "ermission denied",
              "The user that runs the server must be able to reach and write %s: change its permissions, or choose another directory with --data."),
          Map.entry(
              "pre-existing shared memory block",
              "A process of an earlier server still runs on %s: end it, then start again."),
          Map.entry(
              "could not map anonymous shared memory",
              "The system has too little memory left for the server."),
          Map.entry(
              "error while loading shared libraries",
              "The bundled PostgreSQL wants glibc 2.27 or newer: use a newer system, or give a server of your own with --database-url."));

  private ServerTrouble() {}

  /** Returns the exception for a step that failed, with what the system said of it. */
  static DatabaseUnavailableException of(PostgresFolder folder, String step, String said) {
    return new DatabaseUnavailableException(sentence(folder, step, said));
  }

  static DatabaseUnavailableException of(PostgresFolder folder, String step, IOException failure) {
    return new DatabaseUnavailableException(sentence(folder, step, failure.toString()), failure);
  }

  private static String sentence(PostgresFolder folder, String step, String said) {
    String remedy =
        REMEDIES.entrySet().stream()
            .filter(entry -> said.contains(entry.getKey()))
            .map(entry -> entry.getValue().formatted(folder.path()))
            .findFirst()
            .orElse("The server's log is " + folder.log() + ".");
    return "The embedded PostgreSQL in %s could not be started: %s failed. %s%n%s"
        .formatted(folder.path(), step, remedy, said.indent(2).stripTrailing());
  }

  static DatabaseUnavailableException noAccount(PostgresFolder folder, List<String> refusals) {
    StringBuilder said = new StringBuilder();
    for (Path parent = folder.path(); parent != null; parent = parent.getParent()) {
      if (isClosed(parent)) {
        said.append(
            "%s is closed to other users (chmod o+x opens the way through it).%n"
                .formatted(parent));
      }
    }
    said.append(String.join(System.lineSeparator(), refusals));
    return new DatabaseUnavailableException(
        "The embedded PostgreSQL in %s could not be started: its program can be run under no account. PostgreSQL refuses to run as root, so start bedload as another user, or choose with --data a directory that others may pass through, such as /var/lib/bedload.%n%s"
            .formatted(folder.path(), said.toString().indent(2).stripTrailing()));
  }

  private static boolean isClosed(Path folder) {
    try {
      return !Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE);
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  /**
   * Returns the last lines of the server's log, as far as it has been written since {@code start}.
   */
  static String tail(PostgresFolder folder, long start) {
    try (var log = Files.newByteChannel(folder.log())) {
      long end = log.size();
      long from = Math.max(Math.min(start, end), end - LOG_BYTES);
      log.position(from);
      var bytes = java.nio.ByteBuffer.allocate(Math.toIntExact(end - from));
      while (bytes.hasRemaining() && log.read(bytes) >= 0) {}
      List<String> lines =
          new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).lines().toList();
      return lines.stream()
          .skip(Math.max(0, lines.size() - LOG_LINES))
          .collect(Collectors.joining(System.lineSeparator()));
    } catch (IOException e) {
      return "(its log cannot be read: " + e + ")";
    }
  }
}
