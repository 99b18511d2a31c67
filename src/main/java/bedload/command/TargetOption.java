package bedload.command;

import bedload.RunningService;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which service a command calls over its API: that of the data directory which was named, else that
 * of AWS's variables, else that of the default data directory. Never AWS itself unless a variable
 * names its endpoint: a command that was meant for this machine must not cost money.
 */
final class TargetOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Call the service that runs on this data directory (default: the one that $AWS_ENDPOINT_URL_BEDROCK"
              + " and the other variables of AWS name, else that of $BEDLOAD__DATA or ./bedload-data).")
  private @Nullable Path data;

  /** Returns a client, to be closed by the caller. */
  BatchClient client() {
    Map<String, String> environment = System.getenv();
    if (data == null && BatchClient.isNamedBy(environment)) {
      return BatchClient.ofEnvironment(environment);
    }
    return BatchClient.of(
        RunningService.find(data == null ? DataOption.defaultPath(environment) : data));
  }
}
