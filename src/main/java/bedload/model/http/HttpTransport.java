package bedload.model.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Posts requests to model servers and waits for their answers. Nothing is repeated or redirected
 * here, since a second sending is a second paid inference, but for a request that went into a
 * connection which its server was just closing: that one was never worked on. A call whose thread
 * is interrupted, or whose deadline passes, has its connection closed, so that a server can stop
 * working on it. Thread-safe; meant to be called on virtual threads.
 */
public final class HttpTransport implements AutoCloseable {
  /** The largest answer that is taken by default: 64 MiB. */
  public static final long DEFAULT_LIMIT_BYTES = 64L << 20;

  /**
   * A connection that was idle and ends so soon after a request, without a byte of an answer, had
   * been given up by its server: the way there and back, and no inference, takes so long.
   */
  static final Duration CLOSED_WITHIN = Duration.ofSeconds(1);

  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
  private static final int LONGEST_STATUS_LINE = 4096;
  private static final int LARGEST_HEADERS_BYTES = 32 * 1024;
  private static final int CHUNK_BYTES = 64 * 1024;

  private final EventLoopGroup loops;
  private final SslContext tls;
  private final long limitBytes;
  private final ConnectionRules rules;
  private final Map<Origin, IdleConnections> idle = new ConcurrentHashMap<>();

  /** Makes a transport that trusts whom the JDK trusts. */
  public HttpTransport() {
    this(ConnectionRules.DEFAULT);
  }

  /** As the other, with rules of its own for connections. */
  public HttpTransport(ConnectionRules rules) {
    this(trustOfTheJdk(), DEFAULT_LIMIT_BYTES, rules);
  }

  HttpTransport(SslContext tls, long limitBytes, ConnectionRules rules) {
    this.rules = rules;
    this.tls = tls;
    this.limitBytes = limitBytes;
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
    this.loops =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("model-http", true), NioIoHandler.newFactory());
    var _ =
        loops.scheduleAtFixedRate(
            () -> idle.values().forEach(IdleConnections::sweep), 1, 1, TimeUnit.SECONDS);
  }

  static SslContext trustOfTheJdk() {
    try {
      return clientTls().build();
    } catch (SSLException broken) {
      throw new IllegalStateException("This JDK cannot speak TLS", broken);
    }
  }

  /** Returns the settings of every TLS connection but for whom it trusts. */
  static SslContextBuilder clientTls() {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .endpointIdentificationAlgorithm("HTTPS");
  }

  /**
   * Posts JSON and waits for the whole answer.
   *
   * @param headers besides those that HTTP itself and JSON need
   * @param deadline for everything from looking up the name to the last byte of the answer
   * @throws InterruptedException if the thread was interrupted; the connection is closed then
   * @throws IllegalArgumentException if the URL is not http or https
   */
  public HttpOutcome post(URI url, Map<String, String> headers, byte[] body, Duration deadline)
      throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    Origin origin = Origin.of(url);
    IdleConnections pool =
        idle.computeIfAbsent(origin, _ -> new IdleConnections(rules, System::nanoTime));
    Optional<Connection> rested = pool.take();
    if (rested.isPresent()) {
      long began = System.nanoTime();
      Exchange exchange = new Exchange();
      HttpOutcome outcome = send(rested.get(), exchange, request(url, origin, headers, body), end);
      boolean wasSoon = System.nanoTime() - began < CLOSED_WITHIN.toNanos();
      if (!wasSoon || !wasClosedBefore(exchange, outcome)) {
        return outcome;
      }
    }
    return switch (connect(origin, pool, end)) {
      case Connected(Connection fresh) ->
          send(fresh, new Exchange(), request(url, origin, headers, body), end);
      case NotConnected(HttpOutcome outcome) -> outcome;
    };
  }

  private static HttpOutcome send(
      Connection connection, Exchange exchange, FullHttpRequest request, long end)
      throws InterruptedException {
    connection.begin(exchange, request);
    return exchange.await(end - System.nanoTime(), connection::close);
  }

  /** Says whether a rested connection's server had done with it before it saw the request. */
  private static boolean wasClosedBefore(Exchange exchange, HttpOutcome outcome) {
    return switch (outcome) {
      case HttpOutcome.Broken _ -> !exchange.isHeard();
      // What some servers and proxies say to an idle connection before they close it.
      case HttpOutcome.Replied(HttpReply reply) ->
          reply.status() == HttpResponseStatus.REQUEST_TIMEOUT.code()
              && reply.header("connection").filter("close"::equalsIgnoreCase).isPresent();
      case HttpOutcome.Late _, HttpOutcome.TooLarge _ -> false;
    };
  }

  /** Closes all connections; calls in flight break. */
  @Override
  public void close() {
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static FullHttpRequest request(
      URI url, Origin origin, Map<String, String> headers, byte[] body) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, target, Unpooled.wrappedBuffer(body));
    request
        .headers()
        .set(HttpHeaderNames.HOST, origin.hostHeader())
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .set(HttpHeaderNames.ACCEPT, "application/json")
        .set(HttpHeaderNames.USER_AGENT, "bedload")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    headers.forEach((name, value) -> request.headers().set(name, value));
    return request;
  }

  private sealed interface Connecting {}

  private record Connected(Connection connection) implements Connecting {}

  private record NotConnected(HttpOutcome outcome) implements Connecting {}

  private Connecting connect(Origin origin, IdleConnections pool, long end)
      throws InterruptedException {
    InetAddress[] addresses;
    try {
      // Here and not on the event loop: a slow name server would stall every other call there.
      addresses = InetAddress.getAllByName(origin.host());
    } catch (UnknownHostException unknown) {
      return new NotConnected(
          new HttpOutcome.Broken("no address is known for the host " + origin.host()));
    }
    String reason = "no address was tried";
    for (InetAddress address : addresses) {
      long left = Math.min(end - System.nanoTime(), LONGEST_CONNECT.toNanos());
      if (left <= 0) {
        return new NotConnected(new HttpOutcome.Late());
      }
      ChannelFuture connecting = open(origin, pool, new InetSocketAddress(address, origin.port()));
      try {
        if (!connecting.await(left, TimeUnit.NANOSECONDS)) {
          reason = "no connection to %s came about in time".formatted(address.getHostAddress());
          var _ = connecting.channel().close();
        } else if (connecting.isSuccess()) {
          return new Connected(connecting.channel().pipeline().get(Connection.class));
        } else {
          reason = Connection.reason(connecting.cause());
        }
      } catch (InterruptedException wanted) {
        var _ = connecting.channel().close();
        throw wanted;
      }
    }
    return new NotConnected(new HttpOutcome.Broken("no connection: " + reason));
  }

  private ChannelFuture open(Origin origin, IdleConnections pool, InetSocketAddress address) {
    return new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) LONGEST_CONNECT.toMillis())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (origin.encrypted()) {
                  SslHandler handler =
                      tls.newHandler(channel.alloc(), origin.host(), origin.port());
                  handler.setHandshakeTimeoutMillis(LONGEST_CONNECT.toMillis());
                  channel.pipeline().addLast(handler);
                }
                channel
                    .pipeline()
                    .addLast(
                        new HttpClientCodec(
                            LONGEST_STATUS_LINE, LARGEST_HEADERS_BYTES, CHUNK_BYTES))
                    .addLast(new Connection(channel, limitBytes, pool::give, System.nanoTime()));
              }
            })
        .connect(address);
  }
}
