package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model server that answers every chat at once with the same: nginx where it is installed, which
 * takes least of the machine, or else a small one in this process.
 */
final class InstantServer implements BenchServer {
  private static final String ANSWER =
      """
      {"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"done"},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25}}
      """
          .strip();

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  private final String name;
  private final int port;
  private final AutoCloseable server;

  private InstantServer(String name, int port, AutoCloseable server) {
    this.name = name;
    this.port = port;
    this.server = server;
  }

  /**
   * Starts the server.
   *
   * @param folder for what nginx writes
   */
  static InstantServer start(Path folder) throws IOException, InterruptedException {
    Optional<Path> nginx = program("nginx");
    return nginx.isPresent() ? nginx(nginx.get(), folder) : own();
  }

  /** Returns a program that is installed; daemons lie where only root looks for programs. */
  static Optional<Path> program(String name) {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static InstantServer nginx(Path program, Path folder)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path settings = folder.resolve("nginx.conf");
    Files.writeString(settings, settings(folder, port));
    Path log = folder.resolve("said.log");
    Process process =
        new ProcessBuilder(program.toString(), "-p", folder.toString(), "-c", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    InstantServer server = new InstantServer("nginx", port, () -> end(process));
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!server.isReady()) {
      if (!process.isAlive() || System.nanoTime() > until) {
        server.close();
        throw new CommandFault(
            ExitCode.UNAVAILABLE, "nginx does not start: " + Files.readString(log).strip());
      }
      Thread.sleep(LOOK_EVERY);
    }
    return server;
  }

  private static String settings(Path folder, int port) {
    return """
      daemon off;
      master_process off;
      pid %1$s/pid;
      error_log %1$s/error.log;
      events { worker_connections 8192; }
      http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        keepalive_requests 1000000000;
        server {
          listen 127.0.0.1:%2$d backlog=4096;
          default_type application/json;
          location / { return 200 '%3$s'; }
        }
      }
      """
        .formatted(folder, port, ANSWER);
  }

  private static void end(Process process) {
    process.destroy();
    process.onExit().join();
  }

  private boolean isReady() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static InstantServer own() throws IOException {
    byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
    LoopbackServer server =
        LoopbackServer.start(
            exchange -> {
              try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
              }
            });
    return new InstantServer(
        "a server of the bench's own (nginx is not installed)", server.port(), server);
  }

  /** Returns who answers, for people. */
  String name() {
    return name;
  }

  @Override
  public URI url() {
    return LoopbackServer.modelUrl(port);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (Exception e) {
      throw new IllegalStateException("The instant server did not end in order", e);
    }
  }
}
