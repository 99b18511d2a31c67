package bedload.conformance;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A client in another language, in a process of its own that takes a call a line. */
final class LineClient implements AwsClient {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter calls;
  private final String version;

  LineClient(String name, Map<String, String> environment, List<String> program, Endpoint endpoint)
      throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(
        List.of(
            endpoint.url(),
            endpoint.s3(),
            endpoint.region(),
            endpoint.accessKeyId(),
            endpoint.secretAccessKey(),
            Integer.toString(endpoint.attempts())));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    Surroundings.clear(builder);
    builder.environment().putAll(environment);
    process = builder.start();
    answers = process.inputReader();
    calls = process.outputWriter();
    version = name + " " + readLine().get("version").stringValue();
  }

  private JsonNode readLine() throws IOException {
    return JSON.readTree(
        Objects.requireNonNull(answers.readLine(), "The client's process has ended"));
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Outcome call(String operation, ObjectNode input) {
    ObjectNode request = JSON.createObjectNode().put("operation", operation);
    request.set("input", input);
    try {
      calls.write(JSON.writeValueAsString(request));
      calls.newLine();
      calls.flush();
      JsonNode answer = readLine();
      return answer.has("fault")
          ? new Outcome.Fault(
              answer.get("fault").stringValue(), answer.get("message").stringValue(), answer)
          : new Outcome.Output(answer.get("output"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void put(String bucket, String key, String text) {
    Stage.output(this, "PutObject", object(bucket).put("Key", key).put("Body", text));
  }

  @Override
  public List<String> keys(String bucket, String prefix) {
    return Stage.output(this, "ListObjectsV2", object(bucket).put("Prefix", prefix))
        .get("Contents")
        .valueStream()
        .map(object -> object.get("Key").stringValue())
        .toList();
  }

  @Override
  public String text(String bucket, String key) {
    return Stage.output(this, "GetObject", object(bucket).put("Key", key))
        .get("Body")
        .stringValue();
  }

  private static ObjectNode object(String bucket) {
    return Stage.member("Bucket", bucket);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
