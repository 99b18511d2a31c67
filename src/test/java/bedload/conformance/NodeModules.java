package bedload.conformance;

import bedload.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The JavaScript packages of the suite, which npm puts below {@code target}. */
final class NodeModules {
  private static final Path HOME = Path.of("target", "conformance").toAbsolutePath();
  private static final Path WANTED =
      Path.of("src", "test", "resources", "bedload", "conformance", "package.json");

  private NodeModules() {}

  /** Returns the folder of the packages, after installing what is missing there. */
  static synchronized Path install() throws IOException {
    Needs.command("node");
    Needs.command("npm");
    Files.createDirectories(HOME);
    Files.copy(WANTED, HOME.resolve("package.json"), StandardCopyOption.REPLACE_EXISTING);
    Process npm =
        new ProcessBuilder(List.of("npm", "install", "--no-audit", "--no-fund", "--prefer-offline"))
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(HOME.resolve("npm.log").toFile())
            .start();
    if (npm.onExit().join().exitValue() != 0) {
      throw new IllegalStateException(
          "npm install failed: " + Files.readString(HOME.resolve("npm.log")));
    }
    return HOME.resolve("node_modules");
  }
}
