package bedload.command;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP server on a free port of this machine that stands for a model server in a bench: each
 * call has a thread, and connections that clients keep for later stay open.
 */
final class LoopbackServer implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final HttpServer server;
  private final ExecutorService threads;

  private LoopbackServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /** Starts one, with what answers its calls. */
  static LoopbackServer start(HttpHandler handler) throws IOException {
    // By default it would close what is kept for later, from 200 connections on.
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.createContext("/", handler);
    server.start();
    return new LoopbackServer(server, threads);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Returns the base URL, as a model's entry names it. */
  URI url() {
    return modelUrl(port());
  }

  /** Returns the base URL of a model server at a port of this machine. */
  static URI modelUrl(int port) {
    return URI.create("http://127.0.0.1:" + port + "/v1");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
