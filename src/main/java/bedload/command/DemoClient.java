package bedload.command;

import bedload.RunningService;
import bedload.job.RecordCounts;
import bedload.job.S3Uri;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationJobResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/**
 * What a user's program does: AWS's own SDK, pointed at another endpoint. Everything goes over
 * HTTP, signed.
 */
final class DemoClient implements AutoCloseable {
  private final SdkHttpClient http = UrlConnectionHttpClient.create();
  private final RecordCountsOnWire counts = new RecordCountsOnWire();
  private final S3Client s3;
  private final BedrockClient bedrock;
  private final String account;

  DemoClient(RunningService service) {
    AwsCredentialsProvider keys =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(service.accessKeyId(), service.secretAccessKey()));
    Region region = Region.of(service.region());
    account = service.account();
    s3 =
        S3Client.builder()
            .httpClient(http)
            .endpointOverride(URI.create(service.s3()))
            .forcePathStyle(true)
            .credentialsProvider(keys)
            .region(region)
            .build();
    bedrock =
        BedrockClient.builder()
            .httpClient(http)
            .endpointOverride(URI.create(service.api()))
            .credentialsProvider(keys)
            .region(region)
            .overrideConfiguration(settings -> settings.addExecutionInterceptor(counts))
            .build();
  }

  void createBucket(String name) {
    try {
      s3.createBucket(request -> request.bucket(name));
    } catch (BucketAlreadyOwnedByYouException e) {
      // An earlier demo on the same data directory made it.
    }
  }

  void put(S3Uri object, Path file) {
    s3.putObject(
        request -> request.bucket(object.bucket()).key(object.key()), RequestBody.fromFile(file));
  }

  /** Returns the object's content, to be closed by the caller. */
  InputStream read(S3Uri object) {
    return s3.getObject(request -> request.bucket(object.bucket()).key(object.key()));
  }

  /** Returns the ARN of the new job. */
  String createJob(String name, String modelId, S3Uri input, S3Uri output) {
    return bedrock
        .createModelInvocationJob(
            request ->
                request
                    .jobName(name)
                    .modelId(modelId)
                    .roleArn("arn:aws:iam::%s:role/bedload-demo".formatted(account))
                    .inputDataConfig(
                        in -> in.s3InputDataConfig(s3In -> s3In.s3Uri(input.toString())))
                    .outputDataConfig(
                        out -> out.s3OutputDataConfig(s3Out -> s3Out.s3Uri(output.toString()))))
        .jobArn();
  }

  GetModelInvocationJobResponse job(String arn) {
    return bedrock.getModelInvocationJob(request -> request.jobIdentifier(arn));
  }

  /** Returns the record counts of the job that was looked at last. */
  RecordCounts counts() {
    return counts.latest();
  }

  @Override
  public void close() {
    s3.close();
    bedrock.close();
    http.close();
  }
}
