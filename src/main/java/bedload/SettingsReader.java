package bedload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads settings from three places, of which a later one wins: a YAML file, environment variables
 * ({@code BEDLOAD__S3__LISTEN} is {@code s3.listen}), and flags. A key that is not a setting is an
 * error wherever it stands: a misspelt one must not pass for a default.
 */
public final class SettingsReader {
  /**
   * Two underscores, because Kubernetes gives every container variables such as {@code
   * BEDLOAD_PORT} when a service is called bedload.
   */
  private static final String VARIABLE_PREFIX = "BEDLOAD__";

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // A variable holds one value, also where there may be several.
          .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .build();

  private final ObjectNode tree;

  /** For a setting's path, the variable or flag that gave it; the rest is the file's. */
  private final Map<String, String> origins = new LinkedHashMap<>();

  private final String fileName;

  private SettingsReader(ObjectNode tree, String fileName) {
    this.tree = tree;
    this.fileName = fileName;
  }

  /**
   * Returns the settings of the three places.
   *
   * @param file null if none was named
   * @param flags values by the path of the setting, such as {@code s3.listen}
   * @throws CommandFault that names the place and the key
   */
  public static Settings read(
      @Nullable Path file, Map<String, String> environment, Map<String, Object> flags) {
    SettingsReader reader =
        file == null
            ? new SettingsReader(JsonNodeFactory.instance.objectNode(), "the settings")
            : new SettingsReader(readFile(file), file.toString());
    new TreeMap<>(environment).forEach(reader::overlayVariable);
    flags.forEach(
        (path, value) ->
            reader.overlay(path, YAML.valueToTree(value), "--" + path.replace('.', '-')));
    return reader.settings();
  }

  private static ObjectNode readFile(Path file) {
    try {
      JsonNode root = YAML.readTree(Files.readString(file));
      if (root.isMissingNode() || root.isNull()) {
        return JsonNodeFactory.instance.objectNode();
      }
      if (root instanceof ObjectNode object) {
        return object;
      }
      throw fault("%s: a list of settings is wanted, 'name: value' each".formatted(file), null);
    } catch (NoSuchFileException e) {
      throw fault("There is no file " + file + " to read settings from.", e);
    } catch (IOException e) {
      throw fault("The settings in %s cannot be read: %s.".formatted(file, e), e);
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String where = at == null ? "" : ":%d:%d".formatted(at.getLineNr(), at.getColumnNr());
      throw fault("%s%s: %s".formatted(file, where, firstLine(e.getOriginalMessage())), e);
    }
  }

  private void overlayVariable(String variable, String value) {
    if (variable.startsWith(VARIABLE_PREFIX)) {
      String path =
          variable
              .substring(VARIABLE_PREFIX.length())
              .toLowerCase(Locale.ROOT)
              .replace("__", ".")
              .replace('_', '-');
      overlay(path, JsonNodeFactory.instance.stringNode(value), variable);
    }
  }

  private void overlay(String path, JsonNode value, String origin) {
    List<String> names = List.of(path.split("\\.", -1));
    ObjectNode parent = tree;
    for (String name : names.subList(0, names.size() - 1)) {
      parent = parent.get(name) instanceof ObjectNode child ? child : parent.putObject(name);
    }
    parent.set(names.getLast(), value);
    origins.put(path, origin);
  }

  private Settings settings() {
    try {
      return YAML.treeToValue(tree, Settings.class);
    } catch (UnrecognizedPropertyException e) {
      throw fault(
          "%s: '%s' is not a setting; there are: %s"
              .formatted(
                  place(path(e)),
                  e.getPropertyName(),
                  String.join(
                      ", ",
                      e.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList())),
          e);
    } catch (JacksonException e) {
      Throwable cause = e.getCause();
      String reason =
          cause instanceof IllegalArgumentException && cause.getMessage() != null
              ? cause.getMessage()
              : firstLine(e.getOriginalMessage());
      throw fault("%s: %s".formatted(place(path(e)), reason), e);
    }
  }

  /** Returns who is to blame for the value at a path, and the path unless the name says it all. */
  private String place(String path) {
    String origin = origins.get(path);
    if (origin != null) {
      return origin;
    }
    return path.isEmpty() ? fileName : fileName + ": " + path;
  }

  private static String path(JacksonException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.toString();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }

  private static CommandFault fault(String message, @Nullable Throwable cause) {
    return cause == null
        ? new CommandFault(ExitCode.SETTINGS, message)
        : new CommandFault(ExitCode.SETTINGS, message, cause);
  }
}
