package bedload.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

  private Path signFile() {
    return folder.data().resolve("postmaster.pid");
  }

  /** Returns the number of the process. */
  long pid() throws IOException {
    return ServerSign.read(signFile())
        .orElseThrow(() -> new IOException("the file " + signFile() + " is gone"))
        .pid();
  }

  /** Stops the server of a bedload that was killed, or removes what is left of it. */
  void stopOrphan() throws IOException {
    Optional<ServerSign> sign = ServerSign.read(signFile());
    if (sign.isPresent() && sign.get().isRunning() && sign.get().isServerOf(folder.data())) {
      log.warn(
          "A PostgreSQL of an earlier start still runs in {} (process {}); stopping it",
          folder.path(),
          sign.get().pid());
      stop();
    }
    // The number in it may by now be that of any process, in a container it often is, and the
    // server
    // would refuse to start because of it. Should a part of the old one live, it still refuses.
    Files.deleteIfExists(signFile());
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
    Optional<ServerSign> left = ServerSign.read(signFile());
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
      String said =
          starter.isAlive()
              ? "no sign of it within " + START_TIMEOUT.toSeconds() + " s"
              : new String(starter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      starter.destroy();
      throw ServerTrouble.of(
          folder, "the server", said.strip() + "\n" + ServerTrouble.tail(folder, logStart));
    }
  }

  /** What must hold whatever the configuration file says. */
  private static String options(int port) {
    return "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on -p " + port;
  }

  private boolean isReady(Optional<ServerSign> left) {
    try {
      return ServerSign.read(signFile())
          .filter(sign -> sign.isReady() && left.filter(sign::isOfSameServer).isEmpty())
          .isPresent();
    } catch (IOException _) {
      return false;
    }
  }

  /** Ends the server: open transactions are rolled back, what is committed goes to its place. */
  void stop() throws IOException {
    Optional<ServerSign> running = ServerSign.read(signFile());
    if (running.isEmpty()) {
      return;
    }
    for (String mode : List.of("fast", "immediate")) {
      Command.Outcome outcome = signal(mode);
      if (!outcome.isSuccess()) {
        log.warn("pg_ctl stop said: {}", outcome.output());
      }
      if (await(STOP_TIMEOUT, () -> !running.get().isRunning())) {
        return;
      }
    }
    throw new DatabaseUnavailableException(
        "The PostgreSQL in %s (process %d) does not stop. End it by hand, then start again."
            .formatted(folder.path(), running.get().pid()));
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
