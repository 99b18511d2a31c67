package bedload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.s3.S3Client;

/** A job of records that {@link CallAudit} can judge, for the model acme.chat of a service. */
record ChatJob(String arn) {
  private static final String BUCKET = "chat";

  /** Creates a job of so many records, the first one being number 0. */
  static ChatJob submit(ServiceProcess service, int records) {
    String input =
        IntStream.range(0, records)
            .mapToObj(CallAudit::id)
            .map(CallAudit::chatRecord)
            .collect(Collectors.joining());
    try (S3Client s3 = service.s3();
        BedrockClient bedrock = service.bedrock()) {
      s3.createBucket(bucket -> bucket.bucket(BUCKET));
      s3.putObject(
          put -> put.bucket(BUCKET).key("in/records.jsonl"), RequestBody.fromString(input));
      return new ChatJob(
          bedrock
              .createModelInvocationJob(
                  job ->
                      job.jobName("chat")
                          .modelId("acme.chat")
                          .roleArn("arn:aws:iam::000000000000:role/any")
                          .inputDataConfig(
                              in ->
                                  in.s3InputDataConfig(
                                      s3In ->
                                          s3In.s3Uri("s3://%s/in/records.jsonl".formatted(BUCKET))))
                          .outputDataConfig(
                              out ->
                                  out.s3OutputDataConfig(
                                      s3Out -> s3Out.s3Uri("s3://%s/out/".formatted(BUCKET)))))
              .jobArn());
    }
  }

  void awaitCompleted(ServiceProcess service) {
    service.awaitCompleted(arn, Duration.ofMinutes(3));
  }

  /** Returns the lines of its output. */
  List<String> output(ServiceProcess service) throws IOException {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    try (S3Client s3 = service.s3();
        var bytes =
            s3.getObject(get -> get.bucket(BUCKET).key("out/" + id + "/records.jsonl.out"))) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
