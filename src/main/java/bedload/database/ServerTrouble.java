package bedload.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Collectors;

/** Why the embedded server did not start, in words for the person at the console. */
final class ServerTrouble {
  private static final int LOG_LINES = 8;
  private static final long LOG_BYTES = 8_192;

  private static final String MAKE_ROOM = "Make room on the disk of %s, then start again.";
  private static final String ELSEWHERE =
      "Whoever runs bedload must be able to write %s: change its permissions, or choose another directory with --data.";
  private static final String NO_DIRECTORY =
      "%s must be a directory: choose another one with --data.";
  private static final String NOT_AS_ROOT =
      "PostgreSQL refuses to run as root, and bedload may not change to another account here: start it as another user.";

  /** What is to be done, by what the system or the server says; the first that is found counts. */
  private static final List<Remedy> REMEDIES =
      List.of(
          new Remedy("No space left on device", MAKE_ROOM),
          new Remedy("Disk quota exceeded", MAKE_ROOM),
          new Remedy(
              "could not look up effective user ID",
              "The user that runs bedload has no line in /etc/passwd, and initdb wants one: run it as a user with a name (in a container image: USER bedload)."),
          new Remedy(
              "pre-existing shared memory block",
              "A process of an earlier server still runs on %s: end it, then start again."),
          new Remedy(
              "could not bind",
              "Another program has taken the server's port, which stands in %s/port: end that program."),
          new Remedy(
              "could not map anonymous shared memory",
              "The system has too little memory left for the server."),
          new Remedy(
              "error while loading shared libraries",
              "The bundled PostgreSQL wants glibc 2.27 or newer: use a newer system, or give a server of your own with --database-url."),
          new Remedy("Cannot run program", NOT_AS_ROOT),
          new Remedy("Operation not permitted", NOT_AS_ROOT),
          new Remedy("Read-only file system", ELSEWHERE),
          new Remedy("AccessDeniedException", ELSEWHERE),
          new Remedy("Permission denied", ELSEWHERE),
          new Remedy("Not a directory", NO_DIRECTORY),
          new Remedy("FileAlreadyExistsException", NO_DIRECTORY));

  /**
   * @param symptom a part of what was said
   * @param advice a sentence; {@code %s} stands for the server's folder
   */
  private record Remedy(String symptom, String advice) {}

  private ServerTrouble() {}

  /** Returns the exception for a step that failed, with what the system said of it. */
  static DatabaseUnavailableException of(PostgresFolder folder, String step, String said) {
    return new DatabaseUnavailableException(sentence(folder, step, said));
  }

  static DatabaseUnavailableException of(PostgresFolder folder, String step, IOException failure) {
    return new DatabaseUnavailableException(sentence(folder, step, failure.toString()), failure);
  }

  private static String sentence(PostgresFolder folder, String step, String said) {
    String advice =
        REMEDIES.stream()
            .filter(remedy -> said.contains(remedy.symptom))
            .map(remedy -> remedy.advice.formatted(folder.path()))
            .findFirst()
            .orElse(Files.exists(folder.log()) ? "Its log is " + folder.log() + "." : "");
    return "The embedded PostgreSQL in %s could not be started: %s failed. %s%n%s"
        .formatted(folder.path(), step, advice, lastLines(said).indent(2).stripTrailing());
  }

  /**
   * Returns the exception for a server that can be run under no account.
   *
   * @param refusals what was said for each account that was tried
   */
  static DatabaseUnavailableException noAccount(PostgresFolder folder, List<String> refusals) {
    String said = String.join(System.lineSeparator(), refusals);
    for (Path parent = folder.path(); parent != null; parent = parent.getParent()) {
      if (isClosed(parent)) {
        return new DatabaseUnavailableException(
            "The embedded PostgreSQL in %s could not be started: it refuses to run as root, and %s is closed to other users. Open the way with chmod o+x, or choose with --data a directory below an open one, or start bedload as another user.%n%s"
                .formatted(folder.path(), parent, said.indent(2).stripTrailing()));
      }
    }
    return of(folder, "running its program", said);
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
      var bytes = ByteBuffer.allocate(Math.toIntExact(end - from));
      while (bytes.hasRemaining() && log.read(bytes) >= 0) {}
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(its log cannot be read: " + e + ")";
    }
  }

  private static String lastLines(String text) {
    List<String> lines = text.lines().toList();
    return lines.stream()
        .skip(Math.max(0, lines.size() - LOG_LINES))
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
