package bedload.web.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.NodePackages;
import bedload.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The protocol's own client for JavaScript, against a whole service, both ways that it can go. */
@Tag("slow")
class McpClientTest {
  private static final Path RESOURCES =
      Path.of("src", "test", "resources", "bedload", "web", "mcp");
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir static Path folder;
  private static Path modules = RESOURCES;
  private static ServiceProcess service;

  @BeforeAll
  static void start() throws Exception {
    modules = NodePackages.install("mcp", RESOURCES.resolve("package.json"));
    service = ServiceProcess.start(folder.resolve("data"), folder.resolve("errors.log"));
    try (BedrockClient bedrock = service.bedrock()) {
      bedrock.createModelInvocationJob(
          job ->
              job.jobName("asked-by-an-agent")
                  .modelId("amazon.titan-embed-text-v2:0")
                  .roleArn("arn:aws:iam::000000000000:role/batch")
                  .inputDataConfig(in -> in.s3InputDataConfig(s3 -> s3.s3Uri("s3://none/in.jsonl")))
                  .outputDataConfig(out -> out.s3OutputDataConfig(s3 -> s3.s3Uri("s3://none/"))));
    }
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static JsonNode story(List<String> transport) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("node", RESOURCES.resolve("mcp_story.js").toAbsolutePath().toString()));
    command.add(transport.getFirst());
    command.add(
        JSON.writeValueAsString(
            List.of(
                Map.of("name", "list_tables", "arguments", Map.of()),
                Map.of(
                    "name",
                    "describe_table",
                    "arguments",
                    Map.of("table", "aws_bedrock_model_invocation_job")),
                Map.of(
                    "name",
                    "query",
                    "arguments",
                    Map.of("sql", "select job_name from aws_bedrock_model_invocation_job")),
                Map.of("name", "search", "arguments", Map.of("q", "asked")),
                Map.of(
                    "name",
                    "query",
                    "arguments",
                    Map.of("sql", "drop table aws_bedrock_model_invocation_job")))));
    command.addAll(transport.subList(1, transport.size()));
    ProcessBuilder node = new ProcessBuilder(command);
    node.environment().put("NODE_PATH", modules.toString());
    Process asked = node.redirectError(folder.resolve("node.log").toFile()).start();
    String told = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(told).as(Files.readString(folder.resolve("node.log"))).startsWith("{");
    return JSON.readTree(told);
  }

  private static void check(JsonNode told) {
    assertThat(told.path("failed").asString("")).isEmpty();
    assertThat(told.get("errors").toString()).isEqualTo("[]");
    assertThat(told.at("/server/name").asString()).isEqualTo("bedload");
    assertThat(told.get("instructions").asString()).contains("list_tables");
    assertThat(told.get("tools").toString())
        .isEqualTo("[\"list_tables\",\"describe_table\",\"query\",\"search\"]");
    JsonNode answers = told.get("answers");
    assertThat(answers.at("/0/tables").toString()).contains("aws_bedrock_model_invocation_job");
    assertThat(answers.at("/1/columns").toString()).contains("\"job_arn\"");
    assertThat(answers.at("/2/rows").toString())
        .isEqualTo("[{\"job_name\":\"asked-by-an-agent\"}]");
    assertThat(answers.at("/3/rows/0/job_name").asString()).isEqualTo("asked-by-an-agent");
    assertThat(answers.at("/4/refusal").asString()).contains("drop");
  }

  @Test
  void byHttpWithTheAccountsKey() throws IOException {
    JsonNode account =
        JSON.readTree(Files.readString(folder.resolve("data").resolve("credentials.json")))
            .at("/accounts/0");
    check(
        story(
            List.of(
                "http", service.service().api() + "/mcp", account.get("bearerKey").asString())));
  }

  @Test
  void byStandardStreamsWithoutAKey() throws IOException {
    check(story(bedloadMcp("--data", folder.resolve("data").toString())));
  }

  @Test
  void serviceThatIsNotThereIsSaid() throws IOException {
    JsonNode told = story(bedloadMcp("--data", folder.resolve("nowhere").toString()));
    assertThat(told.get("failed").asString()).contains("closed");
    assertThat(Files.readString(folder.resolve("node.log")))
        .contains("No bedload runs on the data directory");
  }

  private static List<String> bedloadMcp(String... options) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "stdio",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "bedload.Bedload",
            "mcp"));
    command.addAll(List.of(options));
    return command;
  }
}
