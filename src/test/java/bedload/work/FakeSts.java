package bedload.work;

import bedload.job.AccountId;
import bedload.object.KeyRing;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** An STS that lets one role be assumed, and gives out keys which an S3 is told of. */
final class FakeSts implements AutoCloseable {
  static final String KEY_ID = "ASIAISSUED";
  private static final String SECRET = "issued-secret";
  private static final String TOKEN = "issued-token";

  /** Returns the key that is given out, as an S3 has to know it. */
  static KeyRing.Key key(AccountId account) {
    return new KeyRing.Key(account, SECRET, TOKEN);
  }

  private final String role;
  private final Duration life;
  private final List<Map<String, String>> calls = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /**
   * @param role the only one that may be assumed
   * @param life how long the keys are good
   */
  FakeSts(String role, Duration life) {
    this.role = role;
    this.life = life;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> form =
          Arrays.stream(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                      .split("&"))
              .map(pair -> pair.split("=", 2))
              .collect(
                  Collectors.toMap(
                      pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
      calls.add(form);
      boolean isAllowed = role.equals(form.get("RoleArn"));
      byte[] body = (isAllowed ? issued() : refused(form)).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "text/xml");
      exchange.sendResponseHeaders(isAllowed ? 200 : 403, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String issued() {
    return """
    <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
    <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>%s</Expiration>
    </Credentials></AssumeRoleResult></AssumeRoleResponse>
    """
        .formatted(KEY_ID, SECRET, TOKEN, Instant.now().plus(life));
  }

  private static String refused(Map<String, String> form) {
    return """
    <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>
    <Message>User: arn:aws:iam::000000000000:user/bedload is not authorized to perform: sts:AssumeRole on resource: %s</Message>
    </Error></ErrorResponse>
    """
        .formatted(form.get("RoleArn"));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Returns the calls, each by its form's fields. */
  List<Map<String, String>> calls() {
    return List.copyOf(calls);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
