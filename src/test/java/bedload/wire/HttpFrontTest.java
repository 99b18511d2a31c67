package bedload.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real bytes over a real socket, most of them such as no library would send. */
class HttpFrontTest {
  private static final AccessKey KEY =
      new AccessKey("BEDLOADKEY0000000001", "123456789012", "a secret/with+signs");
  private static final FixedAccessKeys KEYS =
      new FixedAccessKeys(List.of(KEY), Map.of("a-bearer-key", "210987654321"));
  private static final String ARN =
      "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl";
  private static final String ENCODED_ARN = ARN.replace(":", "%3A").replace("/", "%2F");

  private HttpFront front;

  @BeforeEach
  void start() {
    front = start(EchoOperation.all());
  }

  @AfterEach
  void stop() {
    front.close();
  }

  private static HttpFront start(List<Operation> operations) {
    AwsDoor door = new AwsDoor(operations, KEYS, InstantSource.system(), "us-east-1");
    return HttpFront.start(
        new ListenAddress("127.0.0.1", 0),
        door,
        pages -> {
          pages.routes.get("/", context -> context.result("a page"));
          pages.routes.get("/now", context -> context.json(Map.of("at", Instant.EPOCH)));
        });
  }

  private Signed signed() {
    return new Signed(KEY, front.port());
  }

  @Test
  void signedCallReachesItsOperationAsTheSignersAccount() {
    RawHttp.Reply reply = signed().forRegion("eu-west-1").send("GET", "/thing/one", "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.header("x-amzn-RequestId")).isNotEmpty();
    assertThat(reply.body())
        .contains("\"operation\":\"GetThing\"", "\"account\":\"123456789012\"", "\"eu-west-1\"");
  }

  @Test
  void queryIsSignedAndDecodedOnceWithPlusAsPlus() {
    RawHttp.Reply reply =
        signed().send("GET", "/things?b=%2B%3D%2F%20&a=x%252F&b=second&empty", "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).contains("{\"b\":\"+=/ \",\"a\":\"x%2F\",\"empty\":\"\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  /thing/{arn},      GetThing",
    "POST, /thing/{arn}/stop, StopThing",
  })
  void arnIsOneSegmentHoweverItIsWritten(String method, String path, String operation) {
    for (String spelling : List.of(ARN, ENCODED_ARN)) {
      RawHttp.Reply reply = signed().send(method, path.replace("{arn}", spelling), "");

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).contains(operation, "\"parameter\":\"" + ARN + "\"");
    }
  }

  @Test
  void twiceEncodedArnArrivesOnceDecoded() {
    RawHttp.Reply reply = signed().send("GET", "/thing/" + ENCODED_ARN.replace("%", "%25"), "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).contains("\"parameter\":\"" + ENCODED_ARN + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/thing/a/b", "/thing/", "/thing", "/things/x", "/thing/a/stop", "/nothing"})
  void unknownOperationIs404(String path) {
    RawHttp.Reply reply = signed().send("GET", path, "");

    assertFault(reply, 404, "UnknownOperationException", path);
  }

  @Test
  void callWithoutContentLengthHasAnEmptyBody() {
    String request =
        """
        POST /thing/one/stop HTTP/1.1
        Host: localhost
        Authorization: Bearer a-bearer-key
        Connection: close

        """;

    RawHttp.Reply reply = RawHttp.send(front.port(), request.replace("\n", "\r\n"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).contains("StopThing", "\"account\":\"210987654321\"", "\"body\":\"\"");
  }

  @Test
  void unknownBearerKeyIsRefused() {
    assertFault(
        plain("GET /thing/one HTTP/1.1", "Authorization: Bearer another"),
        403,
        "UnrecognizedClientException",
        "bearer key");
  }

  @Test
  void unsignedCallIsRefused() {
    assertFault(
        plain("GET /thing/one HTTP/1.1"),
        403,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token");
  }

  @Test
  void authorizationThatLacksPartsIsToldWhich() {
    assertFault(
        plain("GET /thing/one HTTP/1.1", "Authorization: AWS4-HMAC-SHA256 Credential=x"),
        400,
        "IncompleteSignatureException",
        "'Signature'");
  }

  @Test
  void wrongSecretIsRefused() {
    AccessKey wrong = new AccessKey(KEY.accessKeyId(), KEY.account(), "another");

    assertFault(
        new Signed(wrong, front.port()).send("GET", "/thing/one", ""),
        403,
        "InvalidSignatureException",
        "does not match");
  }

  @Test
  void bodyThatIsNotTheSignedOneIsRefused() {
    byte[] request = signed().request("POST", "/thing", "{\"name\":\"one\"}");
    request[request.length - 3] = 'x';

    assertFault(
        RawHttp.send(front.port(), request), 403, "InvalidSignatureException", "does not match");
  }

  /** Jetty remembers common header values and would hand out its own spelling of them. */
  @Test
  void signedHeaderKeepsItsSpelling() {
    for (String contentType :
        List.of("text/plain; charset=UTF-8", "application/JSON;charset=utf-8")) {
      RawHttp.Reply reply =
          signed().withContentType(contentType).send("POST", "/thing", "{\"name\":\"one\"}");

      assertThat(reply.status()).isEqualTo(200);
    }
  }

  @Test
  void headHasNoBody() {
    RawHttp.Reply reply = signed().send("HEAD", "/thing/one", "");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void unknownKeyIsRefused() {
    AccessKey unknown = new AccessKey("NOBODY", KEY.account(), KEY.secret());

    assertFault(
        new Signed(unknown, front.port()).send("GET", "/thing/one", ""),
        403,
        "UnrecognizedClientException",
        "NOBODY");
  }

  @Test
  void signatureOfAnotherTimeIsRefused() {
    Duration tooMuch = Duration.ofMinutes(6);

    assertFault(
        signed().at(Instant.now().minus(tooMuch)).send("GET", "/thing/one", ""),
        403,
        "InvalidSignatureException",
        "Signature expired");
    assertFault(
        signed().at(Instant.now().plus(tooMuch)).send("GET", "/thing/one", ""),
        403,
        "InvalidSignatureException",
        "Signature not yet current");
  }

  @Test
  void signatureForAnotherServiceIsRefused() {
    assertFault(
        signed().forService("s3").send("GET", "/thing/one", ""),
        403,
        "InvalidSignatureException",
        "correct service: 'bedrock'");
  }

  @Test
  void bodyThatIsNotJsonIsToldWhere() {
    assertFault(
        signed().send("POST", "/thing", "{\"name\":\"one\",\n  oops}"),
        400,
        "SerializationException",
        "at line 2, column ");
    assertFault(
        signed().send("POST", "/thing", "{\"name\":\"one\"} again"),
        400,
        "SerializationException",
        "line 1");
    assertFault(
        signed().send("POST", "/thing", "[]"), 400, "SerializationException", "it is a list");
    assertFault(
        signed().send("POST", "/thing", "{\"name\":7}"),
        400,
        "SerializationException",
        "'name' must be a string, it is a number");
    assertFault(
        signed().send("POST", "/thing", "{\"name\":" + "[".repeat(2000)),
        400,
        "SerializationException",
        "nesting depth");
  }

  @Test
  void missingMemberIsNamed() {
    assertFault(
        signed().send("POST", "/thing", ""),
        400,
        "ValidationException",
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member"
            + " must not be null");
  }

  @Test
  void oversizeBodyIsRefusedWithAnAnswer() {
    String name = "x".repeat(1 << 20);

    assertFault(
        signed().send("POST", "/thing", "{\"name\":\"" + name + "\"}"),
        413,
        "RequestEntityTooLargeException",
        "1048576 bytes");
  }

  @Test
  void oversizeBodyIsRefusedBeforeItIsSent() {
    RawHttp.Reply reply =
        plain(
            "POST /thing HTTP/1.1",
            "Authorization: Bearer a-bearer-key",
            "Expect: 100-continue",
            "Content-Length: 999999999");

    assertFault(reply, 413, "RequestEntityTooLargeException", "1048576 bytes");
  }

  @Test
  void endlessChunksAreCutOff() {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";

    RawHttp.Reply reply =
        RawHttp.send(
            front.port(),
            """
            POST /thing HTTP/1.1\r
            Host: localhost\r
            Authorization: Bearer a-bearer-key\r
            Transfer-Encoding: chunked\r
            Connection: close\r
            \r
            """
                + chunk.repeat(17));

    assertFault(reply, 413, "RequestEntityTooLargeException", "1048576 bytes");
  }

  @Test
  void defectIsHiddenBehindItsRequestId() {
    RawHttp.Reply reply = signed().send("GET", "/thing/broken", "");

    assertFault(
        reply, 500, "InternalServerException", "request id " + reply.header("x-amzn-RequestId"));
    assertThat(reply.text()).doesNotContain("secret reason");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET /thing/one HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET /thing/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /thing/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /thing/one HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /thing/one HTTP/1.1\r\nno colon here\r\n\r\n",
        "GET /thing/one HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /thing HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      })
  void whatIsNotHttpIsRefusedInOneForm(String request) {
    RawHttp.Reply reply = RawHttp.send(front.port(), request);

    assertThat(reply.status()).isBetween(400, 505);
    assertThat(reply.header("x-amzn-RequestId")).isNotEmpty();
    assertThat(reply.header("x-amzn-ErrorType")).isNotEmpty();
    assertThat(reply.body()).startsWith("{\"message\":");
    assertThat(reply.text()).doesNotContainIgnoringCase("jetty");
  }

  @Test
  void serverLivesOnAfterNonsense() {
    RawHttp.send(front.port(), "\u0000\u0001\u0002\r\n\r\n");

    assertThat(signed().send("GET", "/thing/one", "").status()).isEqualTo(200);
  }

  @Test
  void pagesShareThePortAndNeedNoKey() {
    assertThat(plain("GET / HTTP/1.1").body()).isEqualTo("a page");
    assertThat(plain("GET /now HTTP/1.1").body())
        .isEqualTo("{\"at\":\"1970-01-01T00:00:00.000Z\"}");
    assertThat(plain("GET /nowhere HTTP/1.1").status()).isEqualTo(404);
  }

  @Test
  void takenPortIsSaidInOneSentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ListenAddress address = new ListenAddress("127.0.0.1", taken.getLocalPort());
      AwsDoor door = new AwsDoor(List.of(), KEYS, InstantSource.system(), "us-east-1");

      assertThatThrownBy(() -> HttpFront.start(address, door, _ -> {}))
          .isInstanceOf(CannotListenException.class)
          .hasMessage(
              "Cannot listen at %s: Address already in use. Stop the program that holds the port, or choose another address.",
              address);
    }
  }

  @Test
  void stopLetsARunningCallEnd() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    HttpFront slow = start(List.of(new HeldOperation(entered, released)));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<RawHttp.Reply> call =
          threads.submit(() -> new Signed(KEY, slow.port()).send("GET", "/things", ""));
      assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
      CountDownLatch told = new CountDownLatch(1);
      slow.beforeStop(told::countDown);
      Future<?> stop = threads.submit(slow::close);
      assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();

      released.countDown();

      assertThat(call.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
      stop.get(20, TimeUnit.SECONDS);
    }
  }

  /** An operation that is held until the test lets it go. */
  private record HeldOperation(CountDownLatch entered, CountDownLatch released)
      implements Operation {
    @Override
    public Route route() {
      return EchoOperation.LIST;
    }

    @Override
    public Object answer(Call call) {
      entered.countDown();
      try {
        return Map.of("released", released.await(20, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private RawHttp.Reply plain(String requestLine, String... headers) {
    StringBuilder request = new StringBuilder(requestLine).append("\r\nHost: localhost\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return RawHttp.send(front.port(), request.append("Connection: close\r\n\r\n").toString());
  }

  private static void assertFault(
      RawHttp.Reply reply, int status, String errorType, String sentence) {
    assertThat(reply.body()).startsWith("{\"message\":\"").contains(sentence);
    assertThat(reply.header("x-amzn-ErrorType")).isEqualTo(errorType);
    assertThat(reply.header("x-amzn-RequestId")).isNotEmpty();
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.status()).isEqualTo(status);
  }
}
