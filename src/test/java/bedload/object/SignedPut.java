package bedload.object;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Puts an object the way boto3 and the AWS CLI do it over plain HTTP: the hash of the whole body is
 * part of the signature. The SDK for Java sends signed chunks instead.
 */
record SignedPut(URI endpoint, AwsBasicCredentials keys) {
  private static final Set<String> SET_BY_THE_CLIENT = Set.of("host", "content-length");

  /** Signs one body, sends another, and returns status and body of the answer. */
  String send(String path, byte[] signedBody, byte[] sentBody)
      throws IOException, InterruptedException {
    SdkHttpRequest unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.PUT)
            .uri(endpoint.resolve(path))
            .putHeader("Content-Type", "application/x-www-form-urlencoded")
            .build();
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                request ->
                    request
                        .identity(keys)
                        .request(unsigned)
                        .payload(() -> new ByteArrayInputStream(signedBody))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(path))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(sentBody));
    signed
        .request()
        .headers()
        .forEach(
            (name, values) -> {
              if (!SET_BY_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    }
  }
}
