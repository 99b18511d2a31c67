package bedload.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a server says of itself in the file {@code postmaster.pid} of its data.
 *
 * @param startedAt in seconds since 1970; with the pid it tells one server from the next
 * @param isReady whether it takes connections
 */
record ServerSign(long pid, String startedAt, boolean isReady) {
  private static final int STARTED_AT_LINE = 2;
  private static final int STATUS_LINE = 7;

  /** Returns nothing if there is no such file. */
  static Optional<ServerSign> read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    String pid = line(lines, 0);
    if (!pid.matches("\\d{1,18}")) {
      return Optional.empty();
    }
    boolean isReady = line(lines, STATUS_LINE).equals("ready");
    return Optional.of(new ServerSign(Long.parseLong(pid), line(lines, STARTED_AT_LINE), isReady));
  }

  private static String line(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index).strip() : "";
  }

  boolean isOfSameServer(ServerSign other) {
    return pid == other.pid && startedAt.equals(other.startedAt);
  }

  /**
   * Says whether a process of that number runs. One that has ended counts as ended even if nobody
   * has asked for its end, as is usual in containers, where an orphan's new parent does not care.
   */
  boolean isRunning() {
    return ProcessHandle.of(pid).filter(ServerSign::isRunning).isPresent();
  }

  /** As {@link #isRunning()}, of any process. */
  static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && !isZombie(process.pid());
  }

  private static boolean isZombie(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.startsWith(") Z", stat.lastIndexOf(')'));
    } catch (IOException _) {
      // No Linux; or it is gone by now, which the next look will tell.
      return false;
    }
  }

  /** Says whether the process of that number is a server of that data, as far as one can see. */
  boolean isServerOf(Path data) {
    // Where the system does not tell, the careful guess is yes.
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().commandLine())
        .map(line -> line.contains(data.toString()))
        .orElse(true);
  }
}
