package bedload.conformance;

import bedload.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The clients that must not be able to tell bedload from AWS. */
enum ClientKind {
  /** The AWS SDK for Java that the build uses; older than some members of the API. */
  JAVA,
  /** The AWS SDK for JavaScript, from npm. */
  JAVASCRIPT,
  /** The AWS SDK for Python. */
  BOTO3,
  /** The AWS command line. */
  CLI;

  /** Says whether the client knows the members that the API has had since 2026. */
  boolean knowsNewMembers() {
    return this != JAVA;
  }

  /** Opens a client, or ends the test if the machine lacks what it needs. */
  AwsClient open(Endpoint endpoint) throws IOException {
    return switch (this) {
      case JAVA -> new JavaSdk(endpoint);
      case JAVASCRIPT -> {
        Path modules = NodeModules.install();
        yield new LineClient(
            "AWS SDK for JavaScript",
            Map.of("NODE_PATH", modules.toString()),
            List.of("node", resource("javascript_client.cjs")),
            endpoint);
      }
      case BOTO3 ->
          new LineClient(
              "boto3",
              Map.of(),
              List.of(Needs.pythonWith("boto3"), resource("boto3_client.py")),
              endpoint);
      case CLI -> {
        Needs.command("aws");
        yield new CommandLine(endpoint);
      }
    };
  }

  private static String resource(String name) {
    return Path.of("src", "test", "resources", "bedload", "conformance", name)
        .toAbsolutePath()
        .toString();
  }
}
