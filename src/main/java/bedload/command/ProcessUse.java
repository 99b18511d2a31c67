package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What processes of this machine have used, as Linux tells it in {@code /proc}. */
final class ProcessUse {
  private static final Path PROC = Path.of("/proc");

  /** In all that Linux tells to programs, whatever the kernel counts in. */
  private static final long TICKS_PER_SECOND = 100;

  /** Fields of {@code /proc/<pid>/stat}, counted behind the name in brackets. */
  private static final List<Integer> TIMES_OF_ENDED = List.of(13, 14);

  private static final List<Integer> TIMES = List.of(11, 12, 13, 14);

  private ProcessUse() {}

  /**
   * Returns the processor time of a process and of all below it, those that have ended included.
   *
   * @throws CommandFault where the system does not tell
   */
  static Duration processor(long pid) {
    return Stream.concat(
            Stream.of(pid),
            ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid))
        .map(each -> processor(each, TIMES))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Returns the processor time of this process's children that have ended. */
  static Duration endedChildren() {
    return processor(ProcessHandle.current().pid(), TIMES_OF_ENDED);
  }

  private static Duration processor(long pid, List<Integer> times) {
    String[] fields = stat(pid).split(" ");
    long ticks =
        times.stream()
            .filter(time -> time < fields.length)
            .mapToLong(time -> Long.parseLong(fields[time]))
            .sum();
    return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
  }

  private static String stat(long pid) {
    requireProc();
    try {
      String stat = Files.readString(file(pid, "stat"), StandardCharsets.ISO_8859_1);
      return stat.substring(stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return ""; // It has ended; its parent has its time.
    }
  }

  /**
   * Returns the most memory that a process has ever had resident at a time, in bytes.
   *
   * @throws CommandFault where the system does not tell, or if the process has ended
   */
  static long residentPeakBytes(long pid) {
    return memory(pid, "VmHWM:");
  }

  /**
   * Returns the memory that a process has resident now, in bytes.
   *
   * @throws CommandFault where the system does not tell, or if the process has ended
   */
  static long residentBytes(long pid) {
    return memory(pid, "VmRSS:");
  }

  private static long memory(long pid, String name) {
    requireProc();
    return statusLine(pid, name)
        .orElseThrow(
            () -> new CommandFault(ExitCode.UNAVAILABLE, "Process " + pid + " has ended."));
  }

  private static OptionalLong statusLine(long pid, String name) {
    try (Stream<String> lines = Files.lines(file(pid, "status"), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static Path file(long pid, String name) {
    return PROC.resolve(Long.toString(pid)).resolve(name);
  }

  private static void requireProc() {
    if (!Files.isReadable(file(ProcessHandle.current().pid(), "stat"))) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE, "This bench reads /proc, which only Linux has. Run it on Linux.");
    }
  }
}
