package bedload.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server process, known by the file that it writes. It is no child of this one: pg_ctl puts it
 * into a session of its own, so that a Ctrl-C at the terminal does not reach it before bedload has
 * stopped.
 */
record Postmaster(PostgresFolder folder, PostgresBinaries binaries, ServerAccount account) {
  private static final Logger log = LoggerFactory.getLogger(Postmaster.class);

  private static final Duration POLL = Duration.ofMillis(5);

  /** Long enough to replay what a crash has left; a gigabyte of it at the most. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  /**
   * What the server says of itself in {@code postmaster.pid}.
   *
   * @param startedAt in seconds since 1970; with the pid it tells one server from the next
   */
  private record Sign(long pid, String startedAt, boolean isReady) {
    private static final int STATUS_LINE = 7;

    /** Returns nothing while there is no file, or a half-written one. */
    static Optional<Sign> read(Path file) throws IOException {
      List<String> lines;
      try {
        lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      } catch (NoSuchFileException _) {
        return Optional.empty();
      }
      if (lines.size() <= STATUS_LINE || !lines.getFirst().matches("\\d{1,18}")) {
        return Optional.empty();
      }
      boolean isReady = lines.get(STATUS_LINE).strip().equals("ready");
      return Optional.of(new Sign(Long.parseLong(lines.getFirst()), lines.get(2), isReady));
    }

    boolean isOfSameServer(Sign other) {
      return pid == other.pid && startedAt.equals(other.startedAt);
    }
  }

  private Path signFile() {
    return folder.data().resolve("postmaster.pid");
  }

  /** Stops the server of a bedload that was killed, or removes what is left of it. */
  void stopOrphan() throws IOException {
    Optional<Sign> sign = Sign.read(signFile());
    if (sign.isEmpty()) {
      return;
    }
    Optional<ProcessHandle> process =
        ProcessHandle.of(sign.get().pid).filter(ProcessHandle::isAlive);
    if (process.isEmpty()) {
      // The server knows by itself what to do with the file of a dead one.
      return;
    }
    if (isServer(process.get())) {
      log.warn(
          "A PostgreSQL of an earlier start still runs in {} (process {}); stopping it",
          folder.path(),
          sign.get().pid);
      stop();
    } else {
      // After a reboot, or in a new container, the number may be anybody's, and the server would
      // refuse to start because of it. Should a part of the old one live, it still refuses.
      Files.delete(signFile());
    }
  }

  private boolean isServer(ProcessHandle process) {
    // Where the system does not tell, the careful guess is yes.
    return process
        .info()
        .commandLine()
        .map(line -> line.contains(folder.data().toString()))
        .orElse(true);
  }

  /**
   * Starts the server and waits until it takes connections.
   *
   * @throws DatabaseUnavailableException if it does not, with the end of its log
   */
  void start(int port) throws IOException {
    Path logFile = folder.freshLog();
    account.own(logFile);
    final long logStart = Files.size(logFile);
    Optional<Sign> left = Sign.read(signFile());
    Process starter =
        Command.of(
                account.prefix(),
                binaries.program("pg_ctl"),
                "start",
                "-D",
                folder.data().toString(),
                "-w",
                "-t",
                Long.toString(START_TIMEOUT.toSeconds()),
                "-l",
                logFile.toString(),
                "-o",
                options(port))
            .start();
    await(START_TIMEOUT, () -> !starter.isAlive() || isReady(left));
    if (!isReady(left)) {
      starter.destroy();
      String said = new String(starter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      throw ServerTrouble.of(
          folder, "the server", said.strip() + "\n" + ServerTrouble.tail(folder, logStart));
    }
  }

  /** What must hold whatever the configuration file says. */
  private static String options(int port) {
    return "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on -p " + port;
  }

  private boolean isReady(Optional<Sign> left) {
    try {
      return Sign.read(signFile())
          .filter(sign -> sign.isReady && left.filter(sign::isOfSameServer).isEmpty())
          .isPresent();
    } catch (IOException _) {
      return false;
    }
  }

  /** Ends the server: open transactions are rolled back, what is committed goes to its place. */
  void stop() throws IOException {
    Optional<Sign> running = Sign.read(signFile());
    if (running.isEmpty()) {
      return;
    }
    for (String mode : List.of("fast", "immediate")) {
      Command.Outcome outcome = signal(mode);
      if (!outcome.isSuccess()) {
        log.warn("pg_ctl stop said: {}", outcome.output());
      }
      // Its file goes last. Its process may stay on as a zombie where nobody waits for orphans.
      if (await(STOP_TIMEOUT, () -> isGone(running.get()))) {
        return;
      }
    }
    throw new DatabaseUnavailableException(
        "The PostgreSQL in %s (process %d) does not stop. End it by hand, then start again."
            .formatted(folder.path(), running.get().pid));
  }

  private Command.Outcome signal(String mode) {
    return Command.of(
            account.prefix(),
            binaries.program("pg_ctl"),
            "stop",
            "-D",
            folder.data().toString(),
            "-m",
            mode,
            "-W")
        .run();
  }

  private boolean isGone(Sign running) {
    try {
      return Files.notExists(signFile())
          || Sign.read(signFile()).filter(running::isOfSameServer).isEmpty()
          || ProcessHandle.of(running.pid).filter(ProcessHandle::isAlive).isEmpty();
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean await(Duration timeout, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > timeout.toNanos()) {
        return false;
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
