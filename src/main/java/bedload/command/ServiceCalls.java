package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.RunningService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of a running service that no SDK of AWS has, signed as its first account. */
final class ServiceCalls implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RunningService service;
  private final SdkHttpClient http = UrlConnectionHttpClient.create();

  ServiceCalls(RunningService service) {
    this.service = service;
  }

  /** Returns the answer to a GET. */
  JsonNode get(String path) {
    return call(SdkHttpMethod.GET, path, new byte[0]);
  }

  /** Returns the answer to a POST of a JSON document. */
  JsonNode post(String path, Map<String, ?> document) {
    return call(SdkHttpMethod.POST, path, JSON.writeValueAsBytes(document));
  }

  private JsonNode call(SdkHttpMethod method, String path, byte[] body) {
    try {
      HttpExecuteResponse response = http.prepareRequest(signed(method, path, body)).call();
      try (InputStream answer = response.responseBody().orElseThrow(IOException::new)) {
        JsonNode document = JSON.readTree(answer.readAllBytes());
        if (response.httpResponse().isSuccessful()) {
          return document;
        }
        throw new CommandFault(
            ExitCode.NO, Printable.of(document.path("message").asString("no reason was given")));
      }
    } catch (IOException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "The service at %s does not answer: %s".formatted(service.api(), e.getMessage()),
          e);
    }
  }

  private HttpExecuteRequest signed(SdkHttpMethod method, String path, byte[] body) {
    ContentStreamProvider content = () -> new ByteArrayInputStream(body);
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(method)
            .uri(URI.create(service.api()).resolve(path))
            .putHeader("Content-Type", "application/json")
            .build();
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                sign ->
                    sign.identity(
                            AwsCredentialsIdentity.create(
                                service.accessKeyId(), service.secretAccessKey()))
                        .request(request)
                        .payload(content)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "bedrock")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, service.region()));
    HttpExecuteRequest.Builder execute = HttpExecuteRequest.builder().request(signed.request());
    return method == SdkHttpMethod.POST
        ? execute.contentStreamProvider(content).build()
        : execute.build();
  }

  @Override
  public void close() {
    http.close();
  }
}
