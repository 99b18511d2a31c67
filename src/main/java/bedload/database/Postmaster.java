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

  /** They see the end of the first process within milliseconds. */
  private static final Duration CHILDREN_TIMEOUT = Duration.ofMillis(500);

  private Path signFile() {
    return folder.data().resolve("postmaster.pid");
  }

  /** Returns what the server says of itself. */
  ServerSign sign() throws IOException {
    return ServerSign.read(signFile())
        .orElseThrow(() -> new IOException("the file " + signFile() + " is gone"));
  }

  /** Returns what the server says of itself; empty if none runs, whatever a file is left. */
  private Optional<ServerSign> running() throws IOException {
    return ServerSign.read(signFile()).filter(this::isAtWork);
  }

  private boolean isAtWork(ServerSign server) {
    return server.isRunning() && server.isServerOf(folder.data());
  }

  /**
   * Says whether a server has ended, as far as one can see.
   *
   * @param server what it said of itself
   */
  boolean hasEnded(ServerSign server) {
    if (isAtWork(server)) {
      return false;
    }
    try {
      // A process that has no file left to open sees no other process either.
      ServerSign.read(signFile());
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** Stops the server of a bedload that was killed, or removes what is left of one that died. */
  void stopOrphan() throws IOException {
    Optional<ServerSign> running = running();
    if (running.isPresent()) {
      log.warn(
          "A PostgreSQL of an earlier start still runs in {} (process {}); stopping it",
          folder.path(),
          running.get().pid());
      stop();
    }
    endChildren();
    // The number in it may by now be that of any process, in a container it often is, and the
    // server
    // would refuse to start because of it. Should a part of the old one live, it still refuses.
    Files.deleteIfExists(signFile());
  }

  /**
   * Kills what has outlived a server whose first process is gone. Nearly all of its processes see
   * that and end, but one in the middle of a long statement does not look, and as long as it writes
   * to the shared memory no other server starts. What is committed is in the log by then.
   */
  private void endChildren() throws IOException {
    List<ProcessHandle> children = LeftProcesses.of(folder.data());
    if (await(CHILDREN_TIMEOUT, () -> children.stream().noneMatch(ServerSign::isRunning))) {
      return;
    }
    List<ProcessHandle> left = children.stream().filter(ServerSign::isRunning).toList();
    log.warn(
        "{} of the processes of the PostgreSQL in {} outlived it and are killed: {}",
        left.size(),
        folder.path(),
        left.stream().map(ProcessHandle::pid).toList());
    left.forEach(ProcessHandle::destroyForcibly);
    await(STOP_TIMEOUT, () -> left.stream().noneMatch(ServerSign::isRunning));
  }

  /**
   * Starts the server and waits until it takes connections.
   *
   * @throws DatabaseUnavailableException if it does not, with the end of its log
   */
  void start(int port) throws IOException {
    start(port, () -> true);
  }

  /**
   * As the other.
   *
   * @param isWanted whether to wait any longer; one that is not is left on its way, with a sign by
   *     which {@link #stop} finds it
   * @return whether it takes connections
   */
  boolean start(int port, BooleanSupplier isWanted) throws IOException {
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
    await(
        START_TIMEOUT,
        () ->
            !starter.isAlive()
                || isReady(left)
                || (!isWanted.getAsBoolean() && newSign(left).isPresent()));
    if (isReady(left)) {
      return true;
    }
    if (isWanted.getAsBoolean()) {
      String said =
          starter.isAlive()
              ? "no sign of it within " + START_TIMEOUT.toSeconds() + " s"
              : new String(starter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      starter.destroy();
      throw ServerTrouble.of(
          folder, "the server", said.strip() + "\n" + ServerTrouble.tail(folder, logStart));
    }
    return false;
  }

  /** What must hold whatever the configuration file says. */
  private static String options(int port) {
    return "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on -p " + port;
  }

  private boolean isReady(Optional<ServerSign> left) {
    return newSign(left).filter(ServerSign::isReady).isPresent();
  }

  private Optional<ServerSign> newSign(Optional<ServerSign> left) {
    try {
      return ServerSign.read(signFile())
          .filter(sign -> left.filter(sign::isOfSameServer).isEmpty());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /**
   * Ends the server: open transactions are rolled back, what is committed goes to its place. Does
   * nothing if it has ended by itself.
   */
  void stop() throws IOException {
    Optional<ServerSign> running = running();
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
