package bedload.model.http;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.model.TestModelServer;
import bedload.model.TestModelServer.Behaviour;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom an encrypted connection trusts. The server's certificate is for localhost. */
class TlsTest {
  private static final char[] PASSWORD = "for this test".toCharArray();
  private static final byte[] BODY = "{\"input\":\"sand\"}".getBytes(StandardCharsets.UTF_8);

  private KeyStore keys;
  private TestModelServer server;

  @BeforeEach
  void serve(@TempDir Path folder) throws Exception {
    Path store = folder.resolve("keys.p12");
    keytool(
        List.of(
            "-genkeypair",
            "-alias",
            "server",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost",
            "-keystore",
            store.toString(),
            "-storepass",
            new String(PASSWORD)));
    keys = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(store)) {
      keys.load(stream, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server =
        TestModelServer.start(
            context.getServerSocketFactory().createServerSocket(), _ -> new Behaviour.Answer(0));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static void keytool(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(arguments);
    command.addFirst(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private HttpTransport trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    return new HttpTransport(
        HttpTransport.clientTls().trustManager(managers).build(), 1 << 20, ConnectionRules.DEFAULT);
  }

  private HttpOutcome call(HttpTransport transport, String host) throws InterruptedException {
    URI url = URI.create("https://%s:%d/v1/embeddings".formatted(host, server.port()));
    return transport.post(url, Map.of(), BODY, Duration.ofSeconds(20));
  }

  @Test
  void aTrustedServerUnderItsNameIsCalled() throws Exception {
    try (HttpTransport transport = trusting()) {
      assertThat(call(transport, "localhost"))
          .isInstanceOfSatisfying(
              HttpOutcome.Replied.class,
              replied -> assertThat(replied.reply().status()).isEqualTo(200));
    }
  }

  @Test
  void aTrustedServerUnderAnotherNameIsNotCalled() throws Exception {
    try (HttpTransport transport = trusting()) {
      assertThat(call(transport, "127.0.0.1")).isInstanceOf(HttpOutcome.Broken.class);
      assertThat(server.received()).isZero();
    }
  }

  @Test
  void aServerThatNobodyVouchesForIsNotCalled() throws Exception {
    try (HttpTransport transport = new HttpTransport()) {
      assertThat(call(transport, "localhost"))
          .isInstanceOfSatisfying(
              HttpOutcome.Broken.class,
              broken -> assertThat(broken.message()).contains("certification path"));
      assertThat(server.received()).isZero();
    }
  }
}
