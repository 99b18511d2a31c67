package bedload.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code aws} command, once for each call. It has no exceptions: it prints the error's name.
 */
final class CommandLine implements AwsClient {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern ERROR = Pattern.compile("An error occurred \\((\\w+)\\)");

  private final Endpoint endpoint;

  CommandLine(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public String version() {
    return run(List.of("aws", "--version"), "").out().strip().split(" ")[0];
  }

  @Override
  public Outcome call(String operation, ObjectNode input) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "aws",
                "bedrock",
                operation.replaceAll("(?<!^)(?=[A-Z])", "-").toLowerCase(Locale.ROOT),
                "--output",
                "json",
                "--cli-input-json",
                JSON.writeValueAsString(input)));
    if (input.has("maxResults")) {
      // Left alone, the command asks for page after page and prints them as one.
      command.add("--no-paginate");
    }
    Said said = run(command, "");
    if (said.status() == 0) {
      return new Outcome.Output(JSON.readTree(said.out().isBlank() ? "{}" : said.out()));
    }
    Matcher error = ERROR.matcher(said.err());
    return new Outcome.Fault(
        error.find() ? error.group(1) : "untyped", said.err(), JSON.createObjectNode());
  }

  @Override
  public void put(String bucket, String key, String text) {
    succeed(text, "cp", "-", uri(bucket, key));
  }

  /** The command prints date, time, size and key of each. */
  @Override
  public List<String> keys(String bucket, String prefix) {
    return succeed("", "ls", "--recursive", uri(bucket, prefix))
        .lines()
        .map(line -> line.split(" +", 4)[3])
        .toList();
  }

  @Override
  public String text(String bucket, String key) {
    return succeed("", "cp", uri(bucket, key), "-");
  }

  private static String uri(String bucket, String key) {
    return "s3://" + bucket + "/" + key;
  }

  private String succeed(String input, String... command) {
    List<String> whole = new ArrayList<>(List.of("aws", "s3"));
    whole.addAll(List.of(command));
    Said said = run(whole, input);
    assertThat(said.status()).as("%s: %s", whole, said.err()).isZero();
    return said.out();
  }

  private record Said(int status, String out, String err) {}

  private Said run(List<String> command, String input) {
    ProcessBuilder builder = new ProcessBuilder(command);
    Surroundings.clear(builder);
    builder.environment().put("AWS_ENDPOINT_URL_BEDROCK", endpoint.url());
    builder.environment().put("AWS_ENDPOINT_URL_S3", endpoint.s3());
    builder.environment().put("AWS_DEFAULT_REGION", endpoint.region());
    builder.environment().put("AWS_ACCESS_KEY_ID", endpoint.accessKeyId());
    builder.environment().put("AWS_SECRET_ACCESS_KEY", endpoint.secretAccessKey());
    builder.environment().put("AWS_MAX_ATTEMPTS", Integer.toString(endpoint.attempts()));
    builder.environment().put("AWS_RETRY_MODE", "standard");
    try {
      Process process = builder.start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      // What the command prints on its error output is far less than a pipe holds.
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Said(process.onExit().join().exitValue(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // Nothing outlives a call.
  }
}
