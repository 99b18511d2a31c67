package bedload.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Takes AWS's requests out of the stream before any router sees them, for a router would decode
 * their paths; all others go on to the pages.
 */
final class AwsGate extends Handler.Wrapper {
  /** A CreateModelInvocationJob of the longest members and 50 tags has 50 kB. */
  private static final int MAX_BODY_BYTES = 1 << 20;

  /** A refused body up to this is read to its end, so that its sender hears why. */
  private static final long MAX_REFUSED_BODY_BYTES = 16L << 20;

  private final AwsDoor door;

  AwsGate(AwsDoor door) {
    this.door = door;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    JettyRequest wire = new JettyRequest(request);
    if (!door.concerns(wire)) {
      return super.handle(request, response, callback);
    }
    send(door.answer(wire), response, callback);
    return true;
  }

  static void send(Answer answer, Response response, Callback callback) {
    response.setStatus(answer.status());
    answer.headers().forEach(response.getHeaders()::put);
    StreamedAnswer.Writing stream = answer.stream();
    if (stream != null) {
      send(stream, response, callback);
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
  }

  private static void send(StreamedAnswer.Writing stream, Response response, Callback callback) {
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      stream.writeTo(out);
    } catch (IOException gone) {
      callback.failed(gone);
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    callback.succeeded();
  }

  private static final class JettyRequest implements WireRequest {
    private final Request request;
    private byte @Nullable [] body;

    JettyRequest(Request request) {
      this.request = request;
    }

    @Override
    public String method() {
      return request.getMethod();
    }

    @Override
    public String rawPath() {
      String path = request.getHttpURI().getPath();
      return path == null ? "" : path;
    }

    @Override
    public String rawQuery() {
      String query = request.getHttpURI().getQuery();
      return query == null ? "" : query;
    }

    @Override
    public List<String> headers(String name) {
      return request.getHeaders().getValuesList(name);
    }

    @Override
    public byte[] body() {
      byte[] known = body;
      if (known == null) {
        known = readBody();
        body = known;
      }
      return known;
    }

    private byte[] readBody() {
      if (request.getLength() > MAX_BODY_BYTES) {
        letItBeSent();
        throw tooLarge();
      }
      try (InputStream in = Request.asInputStream(request)) {
        byte[] read = in.readNBytes(MAX_BODY_BYTES + 1);
        if (read.length > MAX_BODY_BYTES) {
          throw tooLarge();
        }
        return read;
      } catch (IOException e) {
        throw brokenOff();
      }
    }

    /**
     * Reads a body that is refused and not much too long. A client that still sends while the
     * connection is closed sees a broken pipe and not the answer.
     */
    private void letItBeSent() {
      boolean waitsForLeave = request.getHeaders().contains(HttpHeader.EXPECT);
      if (waitsForLeave || request.getLength() > MAX_REFUSED_BODY_BYTES) {
        return;
      }
      try (InputStream in = Request.asInputStream(request)) {
        in.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw brokenOff();
      }
    }

    /** The client's fault and not ours, though it may be gone and hear nothing of it. */
    private static CallFault brokenOff() {
      return new CallFault(
          AwsError.SERIALIZATION,
          "The body of the call ended before it was whole, came too slowly, or its chunks are malformed.");
    }

    private static CallFault tooLarge() {
      return new CallFault(
          AwsError.REQUEST_TOO_LARGE,
          "The body of a call may have %d bytes, this one is longer.".formatted(MAX_BODY_BYTES));
    }
  }
}
