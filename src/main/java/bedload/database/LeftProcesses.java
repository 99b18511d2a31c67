package bedload.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The processes of a server that has no first process any more. Each is in a session of its own and
 * has another parent by now, but all of them work in the folder of their data. Only Linux tells.
 */
final class LeftProcesses {
  private static final Path PROCESSES = Path.of("/proc");
  private static final String PROGRAM = "postgres";

  private LeftProcesses() {}

  /**
   * Returns those of the server of that data, its first process included if there is one.
   *
   * @param data a real path
   */
  static List<ProcessHandle> of(Path data) {
    return ProcessHandle.allProcesses()
        .filter(process -> isAtWork(PROCESSES.resolve(Long.toString(process.pid())), data))
        .toList();
  }

  private static boolean isAtWork(Path process, Path data) {
    try {
      // The second is told to fewer, so it is asked last.
      return Files.readString(process.resolve("comm")).strip().equals(PROGRAM)
          && Files.readSymbolicLink(process.resolve("cwd")).equals(data);
    } catch (IOException _) {
      // It is gone by now, or another user's.
      return false;
    }
  }
}
