package bedload.command;

import bedload.NodeRole;
import bedload.Settings;
import bedload.SettingsReader;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of the commands that start a service; each wins over the environment and the file. */
final class ServiceOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept (default: ./bedload-data).")
  private @Nullable Path data;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Where the Bedrock API is served (default: 127.0.0.1:9470); port 0 takes a free one.")
  private @Nullable String listen;

  @Option(
      names = "--s3-listen",
      paramLabel = "HOST:PORT",
      description = "Where the embedded S3 is served (default: 127.0.0.1:9471).")
  private @Nullable String s3Listen;

  @Option(
      names = "--database-url",
      paramLabel = "URL",
      description =
          "A PostgreSQL 15 or newer, as postgresql://user:password@host/database (default: the embedded one).")
  private @Nullable String databaseUrl;

  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      description = "Another S3 in place of the embedded one; also another node's embedded one.")
  private @Nullable String s3Endpoint;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      completionCandidates = Roles.class,
      description = {
        "What this process does of a service of several: api (takes calls), worker (works on jobs)",
        "or all (default)."
      })
  private @Nullable String role;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings in YAML.")
  private @Nullable Path config;

  @Option(
      names = "--model",
      paramLabel = "ID=URL#SERVED",
      description = {
        "Send jobs for model ID to the OpenAI-compatible server at URL, as its model SERVED.",
        "Repeatable. Without any, amazon.titan-embed-text-v2:0 is an embedding model in this process."
      })
  private List<String> models = List.of();

  /** Returns the settings that the flags, the environment and the file make together. */
  Settings settings() {
    return settings(Map.of());
  }

  /** As {@link #settings()}, with flags that only one command has. */
  Settings settings(Map<String, Object> further) {
    Map<String, Object> flags = new LinkedHashMap<>(further);
    put(flags, "data", data == null ? null : data.toString());
    put(flags, "listen", listen);
    put(flags, "s3.listen", s3Listen);
    put(flags, "s3.endpoint", s3Endpoint);
    put(flags, "role", role);
    put(flags, "database.url", databaseUrl);
    if (!models.isEmpty()) {
      flags.put("models", models);
    }
    return SettingsReader.read(config, System.getenv(), flags);
  }

  private static void put(Map<String, Object> flags, String setting, @Nullable Object value) {
    if (value != null) {
      flags.put(setting, value);
    }
  }

  /** The roles' names, for shells. */
  static final class Roles implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(NodeRole.values()).map(NodeRole::settingName).iterator();
    }
  }
}
