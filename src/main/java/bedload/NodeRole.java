package bedload;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Locale;
import java.util.stream.Stream;

/** What one process of a service does. */
public enum NodeRole {
  /** Everything. */
  ALL,
  /** Takes calls and shows pages, and works on no job. */
  API,
  /** Works on jobs, and serves nothing but health and figures. */
  WORKER;

  /** Returns the word of settings. */
  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean takesCalls() {
    return this != WORKER;
  }

  boolean works() {
    return this != API;
  }

  /** Reads the word of settings. */
  @JsonCreator
  static NodeRole ofName(String name) {
    return Stream.of(values())
        .filter(role -> role.settingName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no role is called '%s'; there are %s"
                        .formatted(name, Stream.of(values()).map(NodeRole::settingName).toList())));
  }
}
