package bedload.model.body;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** One file of the folder {@code golden}; its README says what it holds. */
record GoldenCase(Family family, String name, JsonNode content) {
  /** Returns all cases, sorted. */
  static List<GoldenCase> all() {
    try (Stream<Path> files = Files.walk(folder())) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(GoldenCase::read)
          .toList();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static Path folder() {
    try {
      URI place =
          Objects.requireNonNull(GoldenCase.class.getResource("/bedload/model/golden")).toURI();
      return Path.of(place);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static GoldenCase read(Path file) {
    try {
      String folder = file.getName(file.getNameCount() - 2).toString();
      return new GoldenCase(
          Family.ofWireName(folder).orElseThrow(),
          file.getName(file.getNameCount() - 1).toString().replace(".json", ""),
          Json.input(Files.readAllBytes(file)));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  JsonNode request() {
    return content.path("request");
  }

  /** Says whether the body is one that is sent. */
  boolean isSent() {
    return content.has("sent");
  }

  @Override
  public String toString() {
    return family.wireName() + " " + name;
  }
}
