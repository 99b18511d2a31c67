package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.job.S3Uri;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;

/** Fetches what a job wrote. */
final class Download {
  private Download() {}

  /**
   * Puts a job's outputs and its manifest into a folder, which is made if need be; returns the
   * files. A file is whole or not there.
   *
   * @throws CommandFault if an object's name leads out of the folder
   */
  static List<Path> outputs(BatchClient client, JobOnWire job, Path folder, CommandSpec spec)
      throws IOException {
    Path root = folder.toAbsolutePath().normalize();
    String prefix = job.outputFolder().asPrefix();
    List<Path> files = new ArrayList<>();
    for (S3Uri object : client.objects(job.outputFolder())) {
      if (!object.key().endsWith(".jsonl" + OutputLines.EXTENSION)
          && !object.fileName().equals(OutputLines.MANIFEST)) {
        continue;
      }
      String name = object.key().substring(prefix.length());
      // A key is any text: `../` in one must not write where the user did not say.
      if (!root.resolve(name).normalize().startsWith(root)) {
        throw new CommandFault(
            ExitCode.NO,
            "The object %s leads out of %s; fetch it by hand.".formatted(object, folder));
      }
      files.add(fetch(client, object, folder.resolve(name), spec));
    }
    return List.copyOf(files);
  }

  private static Path fetch(BatchClient client, S3Uri object, Path file, CommandSpec spec)
      throws IOException {
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    Files.createDirectories(Objects.requireNonNull(part.toAbsolutePath().getParent()));
    try (WaitLine wait =
            WaitLine.of(spec, "Fetching " + object.fileName(), 0, WaitLine.Unit.BYTES);
        InputStream content = wait.counting(client.read(object))) {
      Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    return file;
  }
}
