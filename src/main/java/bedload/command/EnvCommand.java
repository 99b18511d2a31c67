package bedload.command;

import bedload.ExitCode;
import bedload.RunningService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what points the AWS CLI and every AWS SDK at the running service. */
@Command(
    description =
        "Print shell commands that point the AWS CLI and every AWS SDK at the running service.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  eval \"$(bedload env)\" && aws bedrock list-model-invocation-jobs"
    })
final class EnvCommand implements Callable<Integer> {
  /** Each would have an SDK send other credentials than ours, or speak to another place. */
  private static final List<String> IN_THE_WAY =
      List.of("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK");

  @Mixin private final DataOption data = new DataOption();

  @Mixin private final JsonOption json = new JsonOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, String> variables = variables(RunningService.find(data.path()));
    if (json.isWanted()) {
      JsonOption.write(spec.commandLine().getOut(), variables);
      return ExitCode.OK.number();
    }
    variables.forEach((name, value) -> print("export %s='%s'".formatted(name, value)));
    print("unset " + String.join(" ", IN_THE_WAY));
    return ExitCode.OK.number();
  }

  private void print(String text) {
    spec.commandLine().getOut().println(text);
  }

  /** Returns the variables; no value holds a quote. */
  static Map<String, String> variables(RunningService service) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("AWS_ENDPOINT_URL_BEDROCK", service.api());
    variables.put("AWS_ENDPOINT_URL_S3", service.s3());
    variables.put("AWS_ACCESS_KEY_ID", service.accessKeyId());
    variables.put("AWS_SECRET_ACCESS_KEY", service.secretAccessKey());
    variables.put("AWS_REGION", service.region());
    // boto3 and version 1 of the AWS CLI look at this name alone.
    variables.put("AWS_DEFAULT_REGION", service.region());
    return variables;
  }
}
