package bedload.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the key of a model server is kept. The key itself is in no setting and in no log. */
public sealed interface ApiKey {
  /** In an environment variable. */
  record InEnvironment(String variable) implements ApiKey {}

  /** In a file that holds nothing else. */
  record InFile(Path file) implements ApiKey {}

  /**
   * Returns the key.
   *
   * @throws IllegalArgumentException if it is not there; the message says where it was looked for
   */
  default String read(Map<String, String> environment) {
    String key =
        switch (this) {
          case InEnvironment(String variable) -> environment.getOrDefault(variable, "");
          case InFile(Path file) -> {
            try {
              yield Files.readString(file);
            } catch (IOException unreadable) {
              throw new IllegalArgumentException(
                  "The API key of a model server was looked for in %s, which cannot be read: %s"
                      .formatted(file, unreadable),
                  unreadable);
            }
          }
        };
    String stripped = key.strip();
    if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
      throw new IllegalArgumentException(
          switch (this) {
            case InEnvironment(String variable) ->
                "The API key of a model server was looked for in the environment variable %s, which %s"
                    .formatted(variable, fault(stripped));
            case InFile(Path file) ->
                "The API key of a model server was looked for in %s, which %s"
                    .formatted(file, fault(stripped));
          });
    }
    return stripped;
  }

  private static String fault(String key) {
    return key.isEmpty() ? "is empty or not there" : "holds characters that no key has";
  }
}
