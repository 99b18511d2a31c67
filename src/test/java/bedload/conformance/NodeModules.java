package bedload.conformance;

import bedload.NodePackages;
import java.io.IOException;
import java.nio.file.Path;

/** The JavaScript packages of the suite. */
final class NodeModules {
  private static final Path WANTED =
      Path.of("src", "test", "resources", "bedload", "conformance", "package.json");

  private NodeModules() {}

  /** Returns the folder of the packages, after installing what is missing there. */
  static Path install() throws IOException {
    return NodePackages.install("conformance", WANTED);
  }
}
