package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job over a real language model: llama.cpp, with weights that mean nothing. */
@Tag("slow")
class RealModelServerTest {
  private static final int RECORDS = 50;
  private static final String MODEL = "anthropic.claude-3-haiku-20240307-v1:0";

  @TempDir Path folder;

  @Test
  void aJobOfAnthropicBodiesRunsOverLlamaCppAndWhatThatCannotDoIsARecordsError() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path errors = folder.resolve("errors.log");
    try (LlamaServer llama = LlamaServer.start(errors);
        ServiceProcess service =
            ServiceProcess.start(
                folder.resolve("data"),
                errors,
                "--model",
                "%s=%s#random".formatted(MODEL, llama.url()))) {
      List<JsonNode> lines = run(service);

      assertThat(lines).hasSize(RECORDS);
      for (JsonNode line : lines.subList(0, RECORDS - 1)) {
        JsonNode output = line.path("modelOutput");
        assertThat(output.path("type").asString("")).as(line.toString()).isEqualTo("message");
        assertThat(output.path("content").path(0).path("text").asString("")).isNotEmpty();
        assertThat(output.path("stop_reason").asString("")).isIn("end_turn", "max_tokens");
        assertThat(output.path("usage").path("output_tokens").longValue()).isPositive();
      }
      assertThat(lines.getLast().path("error").path("errorMessage").asString(""))
          .contains("answered 400: unknown members: tools");
    }
  }

  private static String body(int i) {
    String tools =
        i < RECORDS - 1
            ? ""
            : ",\"tools\":[{\"name\":\"depth\",\"input_schema\":{\"type\":\"object\"}}]";
    return """
        {"recordId":"R%04d","modelInput":{"anthropic_version":"bedrock-2023-05-31","max_tokens":6,"temperature":0,\
        "system":"Be brief.","messages":[{"role":"user","content":"Where is stone number %d?"}]%s}}
        """
        .formatted(i, i, tools);
  }

  private static List<JsonNode> run(ServiceProcess service) throws Exception {
    String input =
        IntStream.range(0, RECORDS)
            .mapToObj(RealModelServerTest::body)
            .collect(Collectors.joining());
    try (S3Client s3 = service.s3();
        BedrockClient bedrock = service.bedrock()) {
      s3.createBucket(bucket -> bucket.bucket("real"));
      s3.putObject(
          put -> put.bucket("real").key("in/records.jsonl"), RequestBody.fromString(input));
      String arn =
          bedrock
              .createModelInvocationJob(
                  job ->
                      job.jobName("real")
                          .modelId(MODEL)
                          .roleArn("arn:aws:iam::000000000000:role/any")
                          .inputDataConfig(
                              in ->
                                  in.s3InputDataConfig(
                                      s3In -> s3In.s3Uri("s3://real/in/records.jsonl")))
                          .outputDataConfig(
                              out ->
                                  out.s3OutputDataConfig(s3Out -> s3Out.s3Uri("s3://real/out/"))))
              .jobArn();
      service.awaitCompleted(arn, Duration.ofMinutes(5));
      String key = "out/" + arn.substring(arn.lastIndexOf('/') + 1) + "/records.jsonl.out";
      try (var bytes = s3.getObject(get -> get.bucket("real").key(key))) {
        return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .map(JsonMapper.shared()::readTree)
            .toList();
      }
    }
  }
}
