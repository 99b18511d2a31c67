package bedload.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.AccountId;
import bedload.job.S3Uri;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What becomes of an object that a store takes without encrypting it. */
class S3EncryptionTest {
  private static final String KEY = "arn:aws:kms:us-east-1:111111111111:key/k1";

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private ObjectStores stores;

  /** A store that says yes to everything and heeds no header. */
  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("x-amz-server-side-encryption"));
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("ETag", "\"e\"");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    stores =
        new ObjectStores(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            "us-east-1",
            _ -> StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));
  }

  @AfterEach
  void stop() {
    stores.close();
    server.stop(0);
  }

  @Test
  void anObjectThatTheStoreDidNotEncryptIsDeletedAndTheFailureNamesTheKey() {
    ObjectStore store = stores.of(AccountId.DEFAULT).encryptingWith(KEY);

    assertThatThrownBy(() -> store.put(S3Uri.parse("s3://b/k"), new byte[10], "text/plain"))
        .isInstanceOfSatisfying(
            ObjectStoreException.class,
            failure -> assertThat(failure.kind()).isEqualTo(ObjectStoreException.Kind.REFUSED))
        .hasMessageContaining("KMS key " + KEY)
        .hasMessageContaining("encrypted with nothing");

    assertThat(requests).containsExactly("PUT aws:kms", "HEAD null", "DELETE null");
  }

  @Test
  void withoutAKeyNothingIsAskedForAndNothingChecked() {
    stores.of(AccountId.DEFAULT).put(S3Uri.parse("s3://b/k"), new byte[10], "text/plain");

    assertThat(requests).containsExactly("PUT null");
  }
}
