package bedload;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL server from the machine's own packages, as an operator would bring it. */
public final class DebianPostgres implements AutoCloseable {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path data;
  private final int port;

  private DebianPostgres(Path programs, Path data, int port) {
    this.programs = programs;
    this.data = data;
    this.port = port;
  }

  /** Returns the folder of the newest server's programs; empty if the machine has none. */
  public static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(VERSIONS)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.comparing(Path::toString));
    }
  }

  /** Makes a cluster in a folder and starts it. */
  public static DebianPostgres start(Path programs, Path folder)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path password = Files.writeString(folder.resolve("password"), "owner");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    DebianPostgres server = new DebianPostgres(programs, folder.resolve("data"), port);
    server.run(
        "initdb",
        "-U",
        "owner",
        "-A",
        "scram-sha-256",
        "--pwfile",
        password.toString(),
        "-D",
        server.data.toString());
    server.start();
    return server;
  }

  /** Starts it again after {@link #stop()} or {@link #stopAtOnce()}. */
  void start() throws IOException, InterruptedException {
    run(
        "pg_ctl",
        "-w",
        "-D",
        data.toString(),
        "-l",
        data.resolve("log").toString(),
        "-o",
        "-p " + port + " -c unix_socket_directories='' -c listen_addresses=127.0.0.1",
        "start");
  }

  /** Stops it in order; its clients are cut off. */
  void stop() throws IOException, InterruptedException {
    run("pg_ctl", "-w", "-m", "fast", "-D", data.toString(), "stop");
  }

  /** Stops it without a checkpoint, as if it had crashed. */
  void stopAtOnce() throws IOException, InterruptedException {
    run("pg_ctl", "-w", "-m", "immediate", "-D", data.toString(), "stop");
  }

  /** Returns the URL of its database for its owner. */
  public String url() {
    return "postgresql://owner:owner@127.0.0.1:" + port + "/postgres";
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // PostgreSQL refuses to run as root.
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("bedload-pg-", ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .directory(Path.of("/").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + Files.readString(output, StandardCharsets.UTF_8));
    }
    Files.delete(output);
  }
}
