package bedload.web;

import bedload.ledger.Nodes;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a machine asks of the service: {@code /healthz} (the process lives), {@code /readyz} (it can
 * do its work), {@code /metrics} and {@code /nodes}.
 */
public final class OperatorRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorRoutes.class);
  private static final String BEARER = "Bearer ";

  private final Metrics metrics;
  private final Runnable database;
  private final Supplier<Optional<String>> databaseTrouble;
  private final Supplier<List<Nodes.Line>> nodes;
  private final Predicate<String> isKey;

  /**
   * Makes the routes.
   *
   * @param database throws if the database does not answer
   * @param databaseTrouble what is known of a database that is away, to go on a sentence about it
   * @param nodes of the service, and what each does at this moment
   * @param isKey says whether a bearer key is one of ours
   */
  public OperatorRoutes(
      Metrics metrics,
      Runnable database,
      Supplier<Optional<String>> databaseTrouble,
      Supplier<List<Nodes.Line>> nodes,
      Predicate<String> isKey) {
    this.metrics = metrics;
    this.database = database;
    this.databaseTrouble = databaseTrouble;
    this.nodes = nodes;
    this.isKey = isKey;
  }

  /** Adds the routes, and measures all requests from now on. */
  public void addTo(JavalinConfig config) {
    config.jetty.modifyServer(server -> server.insertHandler(new HttpTimer(metrics)));
    config.routes.get("/healthz", context -> context.json(Map.of("status", "alive")));
    config.routes.get("/readyz", this::readiness);
    config.routes.get("/metrics", this::metrics);
    config.routes.get("/nodes", this::nodes);
  }

  private void readiness(Context context) {
    Optional<String> known = databaseTrouble.get();
    if (known.isPresent()) {
      // To ask would be to wait for it.
      notReady(context, known.get());
      return;
    }
    try {
      database.run();
      context.json(Map.of("status", "ready", "database", "answers"));
    } catch (RuntimeException e) {
      LOG.warn("Not ready: the database does not answer: {}", e.toString());
      notReady(context, databaseTrouble.get().orElse("does not answer"));
    }
  }

  private static void notReady(Context context, String database) {
    context
        .status(HttpStatus.SERVICE_UNAVAILABLE)
        .json(Map.of("status", "not ready", "database", database));
  }

  /** The figures are of all accounts: they are for whoever runs the service. */
  private void metrics(Context context) {
    if (isOperator(context, "/metrics")) {
      context.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
    }
  }

  private void nodes(Context context) {
    if (isOperator(context, "/nodes")) {
      context.json(nodes.get());
    }
  }

  /** Says whether the caller runs the service; if not, the answer is given. */
  private boolean isOperator(Context context, String what) {
    String authorization = String.valueOf(context.header("Authorization"));
    boolean hasKey =
        authorization.startsWith(BEARER) && isKey.test(authorization.substring(BEARER.length()));
    if (hasKey || isOfThisMachine(context)) {
      return true;
    }
    context
        .status(HttpStatus.UNAUTHORIZED)
        .header("WWW-Authenticate", "Bearer")
        .result("From another machine %s wants a bearer key of an account.\n".formatted(what));
    return false;
  }

  /** A proxy on this machine speaks for others, and says so. */
  private static boolean isOfThisMachine(Context context) {
    String peer = context.req().getRemoteAddr();
    return (peer.startsWith("127.")
            || peer.equals("::1")
            || peer.equals("[0:0:0:0:0:0:0:1]")
            || peer.equals("0:0:0:0:0:0:0:1"))
        && context.header("X-Forwarded-For") == null
        && context.header("Forwarded") == null;
  }
}
