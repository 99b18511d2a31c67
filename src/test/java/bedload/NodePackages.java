package bedload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** JavaScript packages that tests use, which npm puts below {@code target}. */
public final class NodePackages {
  private NodePackages() {}

  /**
   * Returns the {@code node_modules} folder of a suite, after installing what is missing there.
   *
   * @param suite names the folder below {@code target}
   * @param wanted the suite's {@code package.json}
   */
  public static synchronized Path install(String suite, Path wanted) throws IOException {
    Needs.command("node");
    Needs.command("npm");
    Path home = Path.of("target", suite).toAbsolutePath();
    Files.createDirectories(home);
    Files.copy(wanted, home.resolve("package.json"), StandardCopyOption.REPLACE_EXISTING);
    Process npm =
        new ProcessBuilder(List.of("npm", "install", "--no-audit", "--no-fund", "--prefer-offline"))
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("npm.log").toFile())
            .start();
    if (npm.onExit().join().exitValue() != 0) {
      throw new IllegalStateException(
          "npm install failed: " + Files.readString(home.resolve("npm.log")));
    }
    return home.resolve("node_modules");
  }
}
