package bedload.web;

import bedload.Needs;
import bedload.NodePackages;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Chromium that a script drives. The script writes a line of JSON for each fact that it looked
 * at, and for each wish that only the test can fulfil, and then waits for a line.
 */
final class BrowserDrive {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path SOURCE =
      Path.of("src", "test", "resources", "bedload", "web", "browser");

  private BrowserDrive() {}

  /** What was looked at, and whether it was so. */
  record Fact(String name, boolean holds, String detail) {}

  /** Does what a script wishes. */
  interface Wishes {
    void fulfil(String wish) throws Exception;
  }

  /** Returns every fact that a script of that folder looked at. */
  static List<Fact> run(String name, Map<String, Object> plan, Wishes wishes) throws Exception {
    Needs.command("chromium");
    Path modules = NodePackages.install("browser", SOURCE.resolve("package.json"));
    Path home = modules.resolveSibling("");
    Path script = home.resolve(name);
    Files.writeString(script, Files.readString(SOURCE.resolve(name)));
    Path log = home.resolve(name + ".log");
    Process node =
        new ProcessBuilder(List.of("node", script.toString(), JSON.writeValueAsString(plan)))
            .redirectError(log.toFile())
            .start();
    List<Fact> facts = new ArrayList<>();
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
        BufferedWriter answers =
            new BufferedWriter(
                new OutputStreamWriter(node.getOutputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        JsonNode said = JSON.readTree(line);
        if (said.has("wish")) {
          wishes.fulfil(said.path("wish").asString(""));
          answers.write("done\n");
          answers.flush();
        } else {
          facts.add(
              new Fact(
                  said.path("fact").asString(""),
                  said.path("holds").asBoolean(false),
                  said.path("detail").asString("")));
        }
      }
      if (node.waitFor() != 0) {
        throw new IOException("The script broke off: " + Files.readString(log));
      }
      return facts;
    } finally {
      node.destroyForcibly();
    }
  }
}
