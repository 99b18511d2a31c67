package bedload.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Processor time that was used until a moment.
 *
 * @param here by this process
 * @param database by the embedded PostgreSQL, as far as its processes still run
 */
record CpuTime(Duration here, Duration database) {
  /**
   * Returns what was used until now.
   *
   * @param dataDirectory of the embedded PostgreSQL
   */
  static CpuTime now(Path dataDirectory) throws IOException {
    Path sign = dataDirectory.resolve("postgres/data/postmaster.pid");
    long postmaster = Long.parseLong(Files.readAllLines(sign).getFirst());
    Stream<ProcessHandle> database =
        ProcessHandle.of(postmaster).stream()
            .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()));
    return new CpuTime(
        of(ProcessHandle.current()),
        database.map(CpuTime::of).reduce(Duration.ZERO, Duration::plus));
  }

  private static Duration of(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Returns what was used since an earlier moment. */
  CpuTime since(CpuTime earlier) {
    return new CpuTime(here.minus(earlier.here), database.minus(earlier.database));
  }
}
