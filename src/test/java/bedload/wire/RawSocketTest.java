package bedload.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no SDK sends, as bytes. After each of it the next proper call must be answered. */
class RawSocketTest {
  private static final AccessKey KEY = new AccessKey("AKIDRAW", "123456789012", "raw-secret");
  private static final String BEARER = "Authorization: Bearer a-bearer-key\r\n";
  private static final Duration HEAD_WITHIN = Duration.ofSeconds(1);
  private static final Duration BODY_WITHIN = Duration.ofSeconds(1);

  private HttpFront front;

  @BeforeEach
  void start() {
    AwsDoor door =
        new AwsDoor(
            EchoOperation.all(),
            new FixedAccessKeys(List.of(KEY), Map.of("a-bearer-key", "123456789012")),
            InstantSource.system(),
            "us-east-1");
    front =
        HttpFront.start(
            new ListenAddress("127.0.0.1", 0), door, pages -> {}, HEAD_WITHIN, BODY_WITHIN);
  }

  @AfterEach
  void aProperCallIsStillAnswered() {
    assertThat(signed().send("GET", "/thing/one", "").status()).isEqualTo(200);
    front.close();
  }

  private Signed signed() {
    return new Signed(KEY, front.port());
  }

  private RawHttp.Reply send(String request) {
    return RawHttp.send(front.port(), request);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET\r\n\r\n",
        "GET /thing/one\r\n\r\n",
        " GET /thing/one HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET thing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "G\u00e9T /thing/one HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /thing/one HTTP/1.1\r\nConnection: close\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n",
      })
  void malformedRequestLinesAreRefused(String request) {
    RawHttp.Reply reply = send(request);

    assertThat(reply.status()).as(reply.text()).isBetween(400, 505);
    assertThat(reply.text()).doesNotContainIgnoringCase("jetty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%a", "%zz", "%e2%28%a1", "%c0%af", "%ff", "%00", "a%0d%0ab:c"})
  void badPercentCodesAreRefusedAndNeverReachAnOperationDecodedWrongly(String id) {
    RawHttp.Reply reply =
        send(
            "GET /thing/%s HTTP/1.1\r\nHost: x\r\n%sConnection: close\r\n\r\n"
                .formatted(id, BEARER));

    // A line break within a segment is text like any other: it is not split into headers.
    int expected = id.startsWith("a") ? 200 : 400;
    assertThat(reply.status()).as(reply.text()).isEqualTo(expected);
    assertThat(reply.header("b")).isEmpty();
  }

  @Test
  void aBodyThatEndsEarlyReachesNoOperation() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.setSoTimeout(20_000);
      write(
          socket,
          "POST /thing HTTP/1.1\r\nHost: x\r\n" + BEARER + "Content-Length: 50\r\n\r\n{\"name\":");
      socket.shutdownOutput();

      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(reply).startsWith("HTTP/1.1 400 ").contains("ended before it was whole");
    }
  }

  @Test
  void whatFollowsABodyIsTakenForTheNextRequestAndRefused() {
    RawHttp.Reply reply =
        send(
            "POST /thing HTTP/1.1\r\nHost: x\r\n"
                + BEARER
                + "Content-Length: 12\r\n\r\n{\"name\":\"a\"},\"more\":1}\r\n\r\n");

    assertThat(statuses(reply.text())).containsExactly(200, 400);
  }

  @Test
  void pipelinedCallsAreAnsweredInTheirOrder() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String path : List.of("/thing/first", "/thing/second")) {
      bytes.writeBytes(
          new String(signed().request("GET", path, ""), StandardCharsets.UTF_8)
              .replace("Connection: close\r\n", "")
              .getBytes(StandardCharsets.UTF_8));
    }
    bytes.writeBytes(signed().request("GET", "/thing/third", ""));

    String reply = RawHttp.send(front.port(), bytes.toByteArray()).text();

    assertThat(statuses(reply)).containsExactly(200, 200, 200);
    assertThat(reply).containsSubsequence("first", "second", "third");
  }

  @Test
  void twoLengthsAreRefusedForTheyHideASecondRequest() {
    for (String lengths :
        List.of(
            "Content-Length: 12\r\nContent-Length: 13\r\n",
            "Content-Length: 12, 13\r\n",
            "Content-Length: +12\r\n",
            "Content-Length: 0x0c\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 12\r\n",
            "Transfer-Encoding: identity, chunked\r\n",
            "Transfer-Encoding: xchunked\r\n")) {
      RawHttp.Reply reply =
          send(
              "POST /thing HTTP/1.1\r\nHost: x\r\n"
                  + BEARER
                  + lengths
                  + "Connection: close\r\n\r\n{\"name\":\"a\"}");

      assertThat(reply.status()).as(lengths).isBetween(400, 501);
    }
  }

  @Test
  void chunksAreABodyLikeAnyOther() {
    RawHttp.Reply reply =
        send(
            "POST /thing HTTP/1.1\r\nHost: x\r\n"
                + BEARER
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + "5;ext=1\r\n{\"nam\r\n7\r\ne\":\"a\"}\r\n0\r\nTrailer: x\r\n\r\n");

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.body()).contains("{\\\"name\\\":\\\"a\\\"}");
    for (String broken : List.of("zz\r\n", "-1\r\n", "ffffffffffffffff\r\n")) {
      assertThat(
              send("POST /thing HTTP/1.1\r\nHost: x\r\n"
                      + BEARER
                      + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                      + broken)
                  .text())
          .startsWith("HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "CONNECT", "OPTIONS", "PATCH", "BREW"})
  void otherMethodsAreRefusedAndEchoNoSecret(String method) {
    RawHttp.Reply reply =
        send(
            "%s /thing/one HTTP/1.1\r\nHost: x\r\n%sConnection: close\r\n\r\n"
                .formatted(method, BEARER));

    assertThat(reply.status()).as(reply.text()).isBetween(400, 501);
    assertThat(reply.text()).doesNotContain("a-bearer-key");
  }

  @Test
  void headersThatAreTooLargeAreRefused() {
    String large = "X-Large: " + "x".repeat(100_000) + "\r\n";
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      many.append("X-").append(i).append(": y\r\n");
    }
    for (String headers : List.of(large, many.toString())) {
      RawHttp.Reply reply =
          send("GET /thing/one HTTP/1.1\r\nHost: x\r\n" + BEARER + headers + "\r\n");

      assertThat(reply.status()).isEqualTo(431);
    }
  }

  /** Nobody waits until a hundred megabytes have come, and they are kept nowhere. */
  @Test
  void aHundredMegabytesAreRefusedAtOnce() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.setSoTimeout(20_000);
      write(
          socket,
          "POST /thing HTTP/1.1\r\nHost: x\r\n" + BEARER + "Content-Length: 104857600\r\n\r\n");
      byte[] head = new byte[13];
      assertThat(socket.getInputStream().readNBytes(head, 0, head.length)).isEqualTo(head.length);
      assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413 ");
    }
  }

  @Test
  void aHeadThatComesByteByByteIsCutOff() throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.setSoTimeout(100);
      write(socket, "GET /thing/one HTTP/1.1\r\nX-Slow: ");

      assertThat(bytesUntilClosed(socket)).isLessThan(100);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(HEAD_WITHIN.multipliedBy(5));
  }

  @Test
  void aBodyThatComesByteByByteIsBrokenOff() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.setSoTimeout(100);
      write(socket, "POST /thing HTTP/1.1\r\nHost: x\r\n" + BEARER);
      write(socket, "Transfer-Encoding: chunked\r\n\r\n");
      long start = System.nanoTime();
      StringBuilder answer = new StringBuilder();
      for (int sent = 0; sent < 1000 && answer.indexOf("slowly") < 0; sent++) {
        write(socket, "1\r\nx\r\n");
        answer.append(whatComes(socket));
      }

      assertThat(answer.toString()).startsWith("HTTP/1.1 400 ").contains("came too slowly");
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(BODY_WITHIN.multipliedBy(5));
      assertThat(bytesUntilClosed(socket)).isLessThan(100);
    }
  }

  /** Waits for a byte, and returns those that are there. */
  private static String whatComes(Socket socket) throws IOException {
    try {
      int first = socket.getInputStream().read();
      byte[] rest = socket.getInputStream().readNBytes(socket.getInputStream().available());
      return (char) first + new String(rest, StandardCharsets.UTF_8);
    } catch (SocketTimeoutException nothing) {
      return "";
    }
  }

  /** The client is slower than the patience, but not slower than what it sends gives it. */
  @Test
  void aLongBodyHasMoreTime() throws IOException {
    String large = "{\"name\":\"" + "x".repeat(100_000) + "\"}";
    byte[] request = signed().request("POST", "/thing", large);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.setSoTimeout(100);
      int twentieth = request.length / 20;
      for (int sent = 0; sent < 19; sent++) {
        socket.getOutputStream().write(request, sent * twentieth, twentieth);
        assertThat(whatComes(socket)).isEmpty();
      }
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request, 19 * twentieth, request.length - 19 * twentieth);

      assertThat(readAnswer(socket)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void aConnectionThatIsKeptButAsksNothingIsNotCutOffAsSlow() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.setSoTimeout((int) HEAD_WITHIN.multipliedBy(3).toMillis());
      String request =
          new String(signed().request("GET", "/thing/one", ""), StandardCharsets.UTF_8)
              .replace("Connection: close\r\n", "");
      write(socket, request);
      readAnswer(socket);
      // Longer than two looks at it.
      assertThat(isSilent(socket)).isTrue();
      write(socket, request);
      assertThat(readAnswer(socket)).startsWith("HTTP/1.1 200");
    }
  }

  /** Sends a byte each tenth of a second, for that is how long a read waits for the end. */
  private static int bytesUntilClosed(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    for (int sent = 0; ; sent++) {
      try {
        write(socket, "x");
        if (in.read() < 0) {
          return sent;
        }
      } catch (SocketTimeoutException stillOpen) {
        if (sent > 1000) {
          return sent;
        }
      } catch (SocketException reset) {
        return sent;
      }
    }
  }

  private static boolean isSilent(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() > 0;
    } catch (SocketTimeoutException stillOpen) {
      return true;
    }
  }

  /** Returns the head, after reading the whole answer. */
  private static String readAnswer(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    socket
        .getInputStream()
        .readNBytes(Integer.parseInt(new RawHttp.Reply(head.toString()).header("Content-Length")));
    return head.toString();
  }

  private static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static List<Integer> statuses(String replies) {
    return Pattern.compile("HTTP/1\\.1 ([0-9]{3}) ")
        .matcher(replies)
        .results()
        .map(match -> Integer.parseInt(match.group(1)))
        .toList();
  }
}
