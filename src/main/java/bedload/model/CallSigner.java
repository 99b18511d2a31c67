package bedload.model;

import java.net.URI;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/** How a call to Bedrock shows who makes it. */
interface CallSigner {
  /**
   * Returns the headers that a POST of JSON needs besides those of HTTP itself.
   *
   * @throws software.amazon.awssdk.core.exception.SdkClientException if there are no keys to sign
   *     with at the moment
   */
  Map<String, String> headers(URI url, byte[] body);

  /** Returns the signer that sends a Bedrock API key. */
  static CallSigner bearer(String key) {
    return (_, _) -> Map.of("Authorization", "Bearer " + key);
  }

  /** Returns the signer of AWS's own scheme; keys are asked for at each call, for they expire. */
  static CallSigner sigV4(AwsCredentialsProvider keys, String region, InstantSource clock) {
    AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    return (url, body) -> {
      SdkHttpRequest request =
          SdkHttpRequest.builder()
              .uri(url)
              .method(SdkHttpMethod.POST)
              .putHeader("Content-Type", "application/json")
              .build();
      SignedRequest signed =
          signer.sign(
              sign ->
                  sign.identity(keys.resolveCredentials())
                      .request(request)
                      .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                      .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "bedrock")
                      .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                      .putProperty(HttpSigner.SIGNING_CLOCK, clock.withZone(ZoneOffset.UTC)));
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      signed
          .request()
          .headers()
          .forEach((name, values) -> headers.put(name, String.join(",", values)));
      return headers;
    };
  }
}
