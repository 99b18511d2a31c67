package bedload.wire;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.json.JavalinJackson3;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;

/**
 * The HTTP server: one port for AWS's clients and for people with a browser. Runs from {@link
 * #start} to {@link #close}. Thread-safe.
 */
public final class HttpFront implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration IDLE_STOP_TIMEOUT = Duration.ofMillis(100);

  private static final Duration HEAD_WITHIN = Duration.ofSeconds(30);

  private final Javalin server;
  private final List<Runnable> beforeStop = new CopyOnWriteArrayList<>();

  private HttpFront(Javalin server) {
    this.server = server;
  }

  /**
   * Returns a server that listens.
   *
   * @param pages adds routes and static files; they never see a request that concerns AWS's door
   * @throws CannotListenException if the address is taken or not this machine's
   */
  public static HttpFront start(
      ListenAddress address, AwsDoor door, Consumer<JavalinConfig> pages) {
    return start(address, door, pages, HEAD_WITHIN, SlowBodies.PATIENCE);
  }

  /**
   * As above, with another patience.
   *
   * @param headWithin how long the head of a request may take
   * @param bodyWithin how long a body may take, beyond what its size gives it
   */
  static HttpFront start(
      ListenAddress address,
      AwsDoor door,
      Consumer<JavalinConfig> pages,
      Duration headWithin,
      Duration bodyWithin) {
    Javalin server =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.startup.startupWatcherEnabled = false;
              config.concurrency.useVirtualThreads = true;
              config.jsonMapper(new JavalinJackson3(WireJson.MAPPER, true));
              config.jetty.modifyServer(jetty -> prepare(jetty, door, bodyWithin));
              config.jetty.modifyHttpConfiguration(HttpFront::prepare);
              config.jetty.addConnector((jetty, http) -> listen(address, jetty, http, headWithin));
              pages.accept(config);
            });
    server.start();
    return new HttpFront(server);
  }

  /** Returns the port on which it listens. */
  public int port() {
    return server.port();
  }

  /**
   * Adds what must end before the server can: whoever holds a response open, such as a stream of
   * events, would hold the stop until its timeout.
   */
  public void beforeStop(Runnable end) {
    beforeStop.add(end);
  }

  /** Refuses new requests, lets those that run come to their end, and stops. */
  @Override
  public void close() {
    beforeStop.forEach(Runnable::run);
    server.stop();
  }

  private static void prepare(Server jetty, AwsDoor door, Duration bodyWithin) {
    jetty.setErrorHandler(new RefusalPages());
    jetty.insertHandler(new AwsGate(door));
    jetty.insertHandler(new SlowBodies(null, bodyWithin));
    // Outermost, so that it counts every request. Without it and the timeout a stop cuts them off.
    jetty.insertHandler(new GracefulHandler());
    jetty.setStopTimeout(STOP_TIMEOUT.toMillis());
  }

  private static void prepare(HttpConfiguration http) {
    http.setSendServerVersion(false);
    // Otherwise Jetty hands out a header's value as it remembers it from another request, with
    // letters in another case, and the signature over it fails.
    http.setHeaderCacheCaseSensitive(true);
    // Lets %2F and %25 in a path through to the door, which wants them as they are.
    http.setUriCompliance(UriCompliance.LEGACY);
  }

  private static Connector listen(
      ListenAddress address, Server jetty, HttpConfiguration http, Duration headWithin) {
    ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
    connector.setHost(address.host());
    connector.setPort(address.port());
    connector.addBean(new SlowHeaders(connector.getScheduler(), headWithin));
    // How long a stop waits for connections that clients keep open without a call; calls that run
    // are not counted as idle.
    connector.setShutdownIdleTimeout(IDLE_STOP_TIMEOUT.toMillis());
    try {
      // Opened before the server starts: a port that is taken is a user's mistake, and a failed
      // start would log it as a defect with its stack.
      connector.open();
    } catch (IOException e) {
      throw new CannotListenException(address, e);
    }
    return connector;
  }
}
