package bedload.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** An upload that comes byte by byte, as bytes. */
@TestInstance(Lifecycle.PER_CLASS)
class SlowUploadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private LoopbackS3 s3;

  @BeforeAll
  void start(@TempDir Path folder) {
    s3 = new LoopbackS3(folder, PATIENCE);
    s3.client(LoopbackS3.ALICE).createBucket(bucket -> bucket.bucket("bucket"));
  }

  @AfterAll
  void stop() {
    s3.close();
  }

  @Test
  void anUploadThatComesByteByByteIsBrokenOffAndLeavesNothing() throws IOException {
    assertThat(dribble(presigned())).startsWith("HTTP/1.1 400 ").contains("RequestTimeout");

    assertThat(s3.rows("object")).isZero();
    assertThat(s3.files()).isEmpty();
  }

  @Test
  void aRefusedUploadIsNotReadForEverEither() throws IOException {
    assertThat(dribble("/bucket/key")).startsWith("HTTP/1.1 403 ").contains("AccessDenied");
  }

  private String presigned() {
    try (S3Presigner presigner =
        S3Presigner.builder()
            .endpointOverride(s3.server().endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(LoopbackS3.keys(LoopbackS3.ALICE)))
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .build()) {
      URI url =
          URI.create(
              presigner
                  .presignPutObject(
                      request ->
                          request
                              .signatureDuration(Duration.ofMinutes(5))
                              .putObjectRequest(put -> put.bucket("bucket").key("key")))
                  .url()
                  .toString());
      return url.getRawPath() + "?" + url.getRawQuery();
    }
  }

  /** Sends a byte each tenth of a second, and returns the answer. */
  private String dribble(String target) throws IOException {
    long start = System.nanoTime();
    StringBuilder answer = new StringBuilder();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), s3.server().port())) {
      socket.setSoTimeout(100);
      write(
          socket,
          "PUT %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 10000000\r\n\r\n"
              .formatted(target, s3.server().port()));
      while (answer.indexOf("</Error>") < 0
          && System.nanoTime() - start < PATIENCE.multipliedBy(10).toNanos()) {
        write(socket, "x");
        answer.append(whatComes(socket.getInputStream()));
      }
    }
    return answer.toString();
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String whatComes(InputStream in) throws IOException {
    try {
      int first = in.read();
      return (char) first + new String(in.readNBytes(in.available()), StandardCharsets.UTF_8);
    } catch (SocketTimeoutException nothing) {
      return "";
    }
  }
}
