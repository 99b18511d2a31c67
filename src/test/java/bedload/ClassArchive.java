package bedload;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The class path of the tests as jars, with an archive of loaded classes: a process that lives for
 * a second would spend most of it on loading what the one before it had loaded, too.
 */
public final class ClassArchive {
  private final String classPath;
  private final Path archive;

  private ClassArchive(String classPath, Path archive) {
    this.classPath = classPath;
    this.archive = archive;
  }

  /** Makes jars of the class path's folders; the JVM archives no classes of folders. */
  public static ClassArchive in(Path folder) throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      entries.add(
          Files.isDirectory(path)
              ? jar(path, folder.resolve("classes-" + entries.size() + ".jar")).toString()
              : entry);
    }
    return new ClassArchive(
        String.join(File.pathSeparator, entries), folder.resolve("classes.aot"));
  }

  private static Path jar(Path classes, Path jar) {
    int status =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--create",
                "--no-compress",
                "--file",
                jar.toString(),
                "-C",
                classes.toString(),
                ".");
    if (status != 0) {
      throw new IllegalStateException("jar ended with " + status + " for " + classes);
    }
    return jar;
  }

  /** Returns the command of a process that leaves the archive behind when it ends in order. */
  public List<String> training(String mainClass, List<String> arguments) {
    return command("-XX:AOTCacheOutput=" + archive, mainClass, arguments);
  }

  /** Returns the command of a process that starts from the archive, if there is one. */
  public List<String> command(String mainClass, List<String> arguments) {
    return command("-XX:AOTCache=" + archive, mainClass, arguments);
  }

  private List<String> command(String option, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-XX:+UseSerialGC"));
    // Over before the second compiler would pay. Warnings of archives go to standard output.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.addAll(List.of("-Xlog:disable", option, "-cp", classPath, mainClass));
    command.addAll(arguments);
    return command;
  }
}
