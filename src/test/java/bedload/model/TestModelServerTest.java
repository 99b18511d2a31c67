package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bedload.model.http.HttpOutcome;
import bedload.model.http.HttpTransport;
import java.io.BufferedReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test server as a process of its own: its log is what other tests count calls by. */
class TestModelServerTest {
  @Test
  void theLogSaysWhichCallsWereReceivedAndWhichFinished(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("calls.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TestModelServer.class.getName(),
                "--port",
                "0",
                "--log",
                log.toString(),
                "--delay-ms",
                "300..400")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader();
        HttpTransport transport = new HttpTransport()) {
      String ready = out.readLine();
      assertThat(ready).matches("listening \\d+");
      URI url =
          URI.create("http://127.0.0.1:%s/v1/chat/completions".formatted(ready.split(" ")[1]));

      assertThat(call(transport, url, "record 1", Duration.ofSeconds(10)))
          .isInstanceOf(HttpOutcome.Replied.class);
      assertThat(call(transport, url, "record 2", Duration.ofMillis(50)))
          .isInstanceOf(HttpOutcome.Late.class);

      await()
          .untilAsserted(
              () ->
                  assertThat(Files.readAllLines(log))
                      .containsExactly(
                          "received record 1", "finished record 1", "received record 2"));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static HttpOutcome call(HttpTransport transport, URI url, String text, Duration deadline)
      throws InterruptedException {
    String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(text);
    return transport.post(url, Map.of(), body.getBytes(StandardCharsets.UTF_8), deadline);
  }
}
