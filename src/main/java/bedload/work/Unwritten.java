package bedload.work;

import bedload.job.JobId;
import bedload.job.Ordinals;
import bedload.job.Shard;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Answers that the object store refused until their job had ended, for people: the lines that are
 * missing in its outputs, as {@code <folder>/<job>/shard-<number>.jsonl} on this node.
 */
final class Unwritten {
  /** How long they are kept: a job's owner may hear of it after a holiday. */
  static final Duration TERM = Duration.ofDays(7);

  private final Path folder;
  private final InstantSource clock;

  Unwritten(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * Writes the lines of a shard, each record's once and in their order; doing it again writes the
   * same.
   *
   * @return the folder of the job
   */
  Path write(Shard shard, List<Answer> answers) throws IOException {
    Path jobFolder = Files.createDirectories(folderOf(shard.job()));
    Path file = jobFolder.resolve("shard-%06d.jsonl".formatted(shard.number()));
    Path unfinished = jobFolder.resolve(file.getFileName() + ".unfinished");
    Ordinals written = Ordinals.none();
    try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
      for (Answer answer :
          answers.stream().sorted(Comparator.comparingInt(Answer::ordinal)).toList()) {
        if (written.add(answer.ordinal())) {
          out.write(answer.line());
        }
      }
      out.getFD().sync();
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    return jobFolder;
  }

  private Path folderOf(JobId job) {
    return folder.resolve(job.value());
  }

  /** Removes what was kept long enough. */
  void tidy() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Instant oldest = clock.instant().minus(TERM);
    try (Stream<Path> jobs = Files.list(folder)) {
      for (Path job : jobs.toList()) {
        tidy(job, oldest);
      }
    }
  }

  private static void tidy(Path job, Instant oldest) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(job)) {
      files = all.toList();
    }
    int left = files.size();
    for (Path file : files) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
        Files.delete(file);
        left--;
      }
    }
    if (left == 0) {
      Files.delete(job);
    }
  }
}
