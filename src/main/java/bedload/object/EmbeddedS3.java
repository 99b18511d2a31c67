package bedload.object;

import bedload.database.Database;
import bedload.object.awssdk.ObjectSpace;
import bedload.wire.SlowBodies;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An S3 endpoint within this process, for those who have none: S3Proxy speaks the protocol, rows in
 * the database and files in a folder keep the objects. What was answered with success is on disk.
 */
public final class EmbeddedS3 implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedS3.class);

  /** For the few threads of the connections; the requests run on virtual ones. */
  private static final int THREADS = 16;

  /** A key of 1,024 bytes takes three times that on the wire, metadata 2 KB, the rest as much. */
  private static final int HEADER_BYTES = 32 * 1024;

  /** A client may read a large object as slowly as its own work goes. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  /** How long a stop waits for connections that clients keep open without a request. */
  private static final Duration IDLE_STOP_TIMEOUT = Duration.ofMillis(100);

  private static final Duration BETWEEN_SWEEPS = Duration.ofDays(1);

  private final Server server;
  private final ServerConnector connector;
  private final Thread sweeper;

  private EmbeddedS3(Server server, ServerConnector connector, Thread sweeper) {
    this.server = server;
    this.connector = connector;
    this.sweeper = sweeper;
  }

  /**
   * Starts to listen, and returns when requests are answered.
   *
   * @param host a name or an address of this machine
   * @param port 0 for any that is free
   * @param domains names of this endpoint under which a bucket may be part of the host's name
   * @param folder where the bytes lie; made if need be, and used by no other process
   * @throws IOException with a sentence for people if the folder cannot be had or the port is taken
   */
  public static EmbeddedS3 start(
      String host, int port, List<String> domains, Database database, Path folder, KeyRing keys)
      throws IOException {
    return start(host, port, domains, database, folder, keys, SlowBodies.PATIENCE);
  }

  /**
   * As above, with another patience.
   *
   * @param patience how long a body may take, beyond what its size gives it
   */
  static EmbeddedS3 start(
      String host,
      int port,
      List<String> domains,
      Database database,
      Path folder,
      KeyRing keys,
      Duration patience)
      throws IOException {
    ObjectSpace space = open(database, folder);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("s3");
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    Server server = new Server(threads);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http()));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    connector.setShutdownIdleTimeout(IDLE_STOP_TIMEOUT.toMillis());
    server.addConnector(connector);
    server.setHandler(
        new GracefulHandler(
            new SlowBodies(servlets(new S3Servlet(new S3Fronts(space, keys, domains))), patience)));
    server.setStopTimeout(STOP_TIMEOUT.toMillis());
    begin(server, host, port);
    // Not before the port is ours: by then no other process uses the folder.
    Thread sweeper = Thread.ofVirtual().name("s3-sweeper").start(() -> sweepDaily(space));
    return new EmbeddedS3(server, connector, sweeper);
  }

  private static ObjectSpace open(Database database, Path folder) throws IOException {
    try {
      return ObjectSpace.open(database.jdbi(), folder);
    } catch (IOException e) {
      throw new IOException(
          "The objects of the embedded S3 are to lie in %s, which cannot be made or written: %s. Make it writable, or choose another data folder."
              .formatted(folder.toAbsolutePath(), e),
          e);
    }
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    // A key may be anything, a//b and ./c included.
    http.setUriCompliance(UriCompliance.UNSAFE);
    // Otherwise Jetty answers for a header with its own spelling of a cached one, and what the
    // client signed is no longer what we see.
    http.setHeaderCacheCaseSensitive(true);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setResponseHeaderSize(HEADER_BYTES);
    // Parameters stand in the query only: a body is an object, whatever its Content-Type says.
    http.setFormEncodedMethods();
    http.setSendServerVersion(false);
    return http;
  }

  private static ServletContextHandler servlets(S3Servlet servlet) {
    ServletContextHandler context = new ServletContextHandler();
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    context.addServlet(new ServletHolder(servlet), "/*");
    return context;
  }

  private static void begin(Server server, String host, int port) throws IOException {
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      throw new IOException(
          "The embedded S3 cannot listen at %s:%d: %s. Stop the program that holds the port, or choose another address with --s3-listen."
              .formatted(host, port, rootMessage(e)),
          e);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private static void sweepDaily(ObjectSpace space) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        int count = space.sweep();
        if (count > 0) {
          log.info("Deleted {} files that no object needs", count);
        }
      } catch (IOException | RuntimeException e) {
        log.warn("The object folder could not be swept, tomorrow again: {}", e.toString());
      }
      try {
        Thread.sleep(BETWEEN_SWEEPS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Returns the port at which it listens. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Returns the URL that clients are given. */
  public URI endpoint() {
    String host = connector.getHost();
    return URI.create(
        "http://%s:%d".formatted(host.indexOf(':') < 0 ? host : "[" + host + "]", port()));
  }

  /** Takes no more requests, lets those in progress end for some seconds, and frees the port. */
  @Override
  public void close() {
    sweeper.interrupt();
    stop(server);
    try {
      sweeper.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      log.warn("The embedded S3 did not stop in order: {}", e.toString());
    }
  }
}
