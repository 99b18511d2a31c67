package bedload.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import bedload.RunningService;
import bedload.ServiceProcess;
import bedload.conformance.AwsClient.Outcome;
import java.time.Duration;
import org.awaitility.Awaitility;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a scenario is played: one client, one service, and names that no other scenario uses.
 *
 * @param prefix with which the names of this scenario's jobs begin
 */
record Stage(ClientKind kind, AwsClient client, ServiceProcess process, String prefix) {
  /** A model that never answers: its jobs run until they are stopped. */
  static final String SILENT_MODEL = "acme.silent";

  static final String ECHO_MODEL = "bedload.echo";

  static final String INPUT = "s3://conformance/in/records.jsonl";

  RunningService service() {
    return process.service();
  }

  /** Calls an operation that must succeed. */
  JsonNode output(String operation, ObjectNode input) {
    return output(client, operation, input);
  }

  static JsonNode output(AwsClient client, String operation, ObjectNode input) {
    return switch (client.call(operation, input)) {
      case Outcome.Output(JsonNode members) -> members;
      case Outcome.Fault(String type, String message, _) ->
          fail("%s failed with %s: %s", operation, type, message);
    };
  }

  /** Calls an operation that must fail with an exception of the client's own. */
  Outcome.Fault fault(String type, String operation, ObjectNode input) {
    return fault(client, type, operation, input);
  }

  static Outcome.Fault fault(AwsClient client, String type, String operation, ObjectNode input) {
    return switch (client.call(operation, input)) {
      case Outcome.Fault fault -> {
        assertThat(fault.type()).as(fault.message()).isEqualTo(type);
        yield fault;
      }
      case Outcome.Output(JsonNode members) -> fail("%s answered %s", operation, members);
    };
  }

  /** Returns a request of the least that a job needs. */
  ObjectNode request(String name, String model) {
    return json(
        """
        {"jobName": "%s", "modelId": "%s", "roleArn": "arn:aws:iam::%s:role/batch",
         "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "%s"}},
         "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://conformance/out/"}}}
        """
            .formatted(prefix + name, model, service().account(), INPUT));
  }

  String create(ObjectNode request) {
    return output("CreateModelInvocationJob", request).get("jobArn").stringValue();
  }

  JsonNode get(String identifier) {
    return output("GetModelInvocationJob", member("jobIdentifier", identifier));
  }

  /** Waits until a job has a status, asking the service past the client. */
  void await(String arn, String status) {
    try (BedrockClient bedrock = process.bedrock()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> bedrock.getModelInvocationJob(get -> get.jobIdentifier(arn)).statusAsString(),
              status::equals);
    }
  }

  static ObjectNode member(String name, String value) {
    return JsonMapper.shared().createObjectNode().put(name, value);
  }

  static ObjectNode json(String text) {
    return (ObjectNode) JsonMapper.shared().readTree(text);
  }
}
