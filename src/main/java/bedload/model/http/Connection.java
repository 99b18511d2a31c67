package bedload.model.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a server: carries one exchange at a time, and gathers its answer. All fields
 * belong to the connection's event loop, except for the time it was put to rest, which belongs to
 * whoever holds it.
 */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
  private static final int LARGEST_FIRST_BUFFER = 64 * 1024;

  private final Channel channel;
  private final long limitBytes;
  private final Consumer<Connection> whenReusable;
  private final long openedAt;

  private @Nullable Exchange exchange;
  private @Nullable ChannelFuture written;
  private @Nullable HttpResponse head;
  private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private boolean interim;

  /** When it was last put to rest, in nanoseconds; of no meaning while it is in use. */
  private long idleSince;

  /**
   * Makes the handler of a channel.
   *
   * @param limitBytes the largest body that is taken
   * @param whenReusable takes the connection back when an exchange left it fit for another
   * @param openedAt the time at which it began, in nanoseconds
   */
  Connection(Channel channel, long limitBytes, Consumer<Connection> whenReusable, long openedAt) {
    this.channel = channel;
    this.limitBytes = limitBytes;
    this.whenReusable = whenReusable;
    this.openedAt = openedAt;
  }

  /** Sends a request, once; the outcome goes to the exchange. */
  void begin(Exchange newExchange, FullHttpRequest request) {
    channel
        .eventLoop()
        .execute(
            () -> {
              exchange = newExchange;
              head = null;
              written = channel.writeAndFlush(request);
              written.addListener(
                  done -> {
                    if (!done.isSuccess()) {
                      fail("the request could not be sent: " + reason(done.cause()));
                    }
                  });
            });
  }

  /** Closes the connection, whatever it is doing. */
  void close() {
    // No promise is waited for: the caller is done with it, and the event loop does the rest.
    var _ = channel.close();
  }

  boolean isOpen() {
    return channel.isActive();
  }

  long openedAt() {
    return openedAt;
  }

  long idleSince() {
    return idleSince;
  }

  void restsSince(long nanoTime) {
    idleSince = nanoTime;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (exchange == null) {
      // A server that speaks unasked, often to say that it is about to close.
      close();
      return;
    }
    exchange.hears();
    if (part.decoderResult().isFailure()) {
      fail("the answer is not HTTP: " + reason(part.decoderResult().cause()));
      return;
    }
    if (part instanceof HttpResponse response) {
      begins(response);
    }
    if (part instanceof HttpContent content && !interim) {
      gather(content.content());
    }
    if (part instanceof LastHttpContent) {
      if (interim) {
        interim = false;
      } else {
        complete();
      }
    }
  }

  private void begins(HttpResponse response) {
    // 100 Continue and its like come before the answer and are none.
    interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (interim) {
      return;
    }
    head = response;
    long announced = HttpUtil.getContentLength(response, -1L);
    if (announced > limitBytes) {
      settle(new HttpOutcome.TooLarge(limitBytes));
    } else {
      body = new ByteArrayOutputStream(Math.clamp(announced, 32, LARGEST_FIRST_BUFFER));
    }
  }

  private void gather(ByteBuf content) {
    int length = content.readableBytes();
    if (length == 0 || exchange == null) {
      return;
    }
    if (body.size() + (long) length > limitBytes) {
      settle(new HttpOutcome.TooLarge(limitBytes));
      return;
    }
    byte[] bytes = new byte[length];
    content.readBytes(bytes);
    body.writeBytes(bytes);
  }

  private void complete() {
    Exchange done = exchange;
    HttpResponse answer = head;
    if (done == null || answer == null) {
      return;
    }
    Map<String, String> headers = new HashMap<>();
    answer
        .headers()
        .forEach(
            header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    HttpReply reply = new HttpReply(answer.status().code(), headers, body.toByteArray());
    // A server that answers before it has read the request may take the rest of it for another.
    boolean wholeRequest = written != null && written.isSuccess();
    boolean reusable = HttpUtil.isKeepAlive(answer) && wholeRequest && channel.isActive();
    forget();
    if (!done.settle()) {
      // The caller gave up in this moment and closes the connection.
      return;
    }
    if (reusable) {
      whenReusable.accept(this);
    } else {
      close();
    }
    done.end(new HttpOutcome.Replied(reply));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(
        head == null
            ? "the connection was closed before an answer came"
            : "the connection was closed after %d bytes of the answer".formatted(body.size()));
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail("the connection broke: " + reason(cause));
    close();
  }

  private void fail(String message) {
    settle(new HttpOutcome.Broken(message));
  }

  private void settle(HttpOutcome outcome) {
    Exchange done = exchange;
    if (done != null) {
      forget();
      close();
      if (done.settle()) {
        done.end(outcome);
      }
    }
  }

  private void forget() {
    exchange = null;
    written = null;
    head = null;
    // An idle connection must not keep the memory of its last answer.
    body = new ByteArrayOutputStream(0);
  }

  /** Returns the innermost reason of a failure, which is the one that says what to do. */
  static String reason(@Nullable Throwable failure) {
    if (failure == null) {
      return "no reason given";
    }
    Throwable inner = failure;
    for (int depth = 0; inner.getCause() != null && depth < 10; depth++) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return message == null ? inner.getClass().getSimpleName() : message;
  }
}
