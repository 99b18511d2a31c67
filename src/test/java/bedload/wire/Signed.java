package bedload.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests of any shape, signed by the AWS SDK's signer and laid out as bytes of HTTP/1.1. */
public final class Signed {
  private final AccessKey key;
  private final int port;
  private Instant time = Instant.now();
  private String service = "bedrock";
  private String region = "us-east-1";
  private String contentType = "application/json";

  /** Makes requests to a port of this machine. */
  public Signed(AccessKey key, int port) {
    this.key = key;
    this.port = port;
  }

  /** Signs as of another time. */
  public Signed at(Instant time) {
    this.time = time;
    return this;
  }

  /** Signs for another service. */
  public Signed forService(String service) {
    this.service = service;
    return this;
  }

  /** Signs for another region. */
  public Signed forRegion(String region) {
    this.region = region;
    return this;
  }

  /** Sends, and signs, another content type. */
  public Signed withContentType(String contentType) {
    this.contentType = contentType;
    return this;
  }

  /** Returns the bytes of a request. */
  public byte[] request(String method, String rawPathAndQuery, String body) {
    byte[] payload = body.getBytes(StandardCharsets.UTF_8);
    SdkHttpRequest request = sign(method, rawPathAndQuery, payload);
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(rawPathAndQuery).append(" HTTP/1.1\r\n");
    request.headers().forEach((name, values) -> values.forEach(value -> line(head, name, value)));
    line(head, "Content-Length", Integer.toString(payload.length));
    line(head, "Connection", "close");
    head.append("\r\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(payload);
    return bytes.toByteArray();
  }

  /** Sends a request and returns what comes back. */
  public RawHttp.Reply send(String method, String rawPathAndQuery, String body) {
    return RawHttp.send(port, request(method, rawPathAndQuery, body));
  }

  private SdkHttpRequest sign(String method, String rawPathAndQuery, byte[] payload) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(method))
            .uri(URI.create("http://127.0.0.1:" + port + rawPathAndQuery))
            .putHeader("Host", "127.0.0.1:" + port)
            .putHeader("Content-Type", contentType);
    return AwsV4HttpSigner.create()
        .sign(
            signing ->
                signing
                    .identity(AwsCredentialsIdentity.create(key.accessKeyId(), key.secret()))
                    .request(request.build())
                    .payload(() -> new ByteArrayInputStream(payload))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC)))
        .request();
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
