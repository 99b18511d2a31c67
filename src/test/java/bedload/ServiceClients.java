package bedload;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.s3.S3Client;

/** AWS's own clients of a running service, with the keys of its first account. */
public final class ServiceClients {
  private ServiceClients() {}

  /** Returns a client of the service's API; the caller closes it. */
  public static BedrockClient bedrock(RunningService service) {
    return bedrock(service, service.region());
  }

  /** As the other, for calls that are signed for another region. */
  public static BedrockClient bedrock(RunningService service, String region) {
    return BedrockClient.builder()
        .endpointOverride(URI.create(service.api()))
        .region(Region.of(region))
        .credentialsProvider(keys(service))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  /** Returns a client of the service's object store; the caller closes it. */
  public static S3Client s3(RunningService service) {
    return S3Client.builder()
        .endpointOverride(URI.create(service.s3()))
        .forcePathStyle(true)
        .region(Region.of(service.region()))
        .credentialsProvider(keys(service))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  private static StaticCredentialsProvider keys(RunningService service) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(service.accessKeyId(), service.secretAccessKey()));
  }
}
