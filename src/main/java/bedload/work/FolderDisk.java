package bedload.work;

import bedload.job.JobId;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Journals as files: {@code <folder>/<job>/<name>}. */
final class FolderDisk implements JournalDisk {
  /** Room for some answers: a disk with less would be full again at once. */
  private static final int PROBE_BYTES = 256 << 10;

  private static final String PROBE = "probe";

  private final Path folder;

  FolderDisk(Path folder) {
    this.folder = folder;
  }

  @Override
  public Sink create(JobId job, String name) throws IOException {
    Files.createDirectories(folderOf(job));
    return new FileSink(folderOf(job).resolve(name));
  }

  private static final class FileSink implements Sink {
    // Not a channel opened by itself: those close when a thread that uses them is interrupted, and
    // calls are cancelled so.
    private final FileOutputStream out;

    FileSink(Path file) throws IOException {
      this.out = new FileOutputStream(file.toFile());
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      out.write(bytes);
    }

    @Override
    public void force() throws IOException {
      if (out.getChannel().isOpen()) {
        out.getChannel().force(false);
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  @Override
  public InputStream read(JobId job, String name) throws IOException {
    return Files.newInputStream(folderOf(job).resolve(name));
  }

  @Override
  public List<String> names(JobId job) throws IOException {
    Path jobFolder = folderOf(job);
    if (!Files.isDirectory(jobFolder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(jobFolder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Override
  public List<JobId> jobs() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .map(path -> path.getFileName().toString())
          .filter(JobId::isValid)
          .map(JobId::new)
          .toList();
    }
  }

  @Override
  public void delete(JobId job, String name) throws IOException {
    Files.deleteIfExists(folderOf(job).resolve(name));
  }

  @Override
  public void deleteAll(JobId job) throws IOException {
    for (String name : names(job)) {
      delete(job, name);
    }
    Files.deleteIfExists(folderOf(job));
  }

  @Override
  public void requireWritable() throws IOException {
    Files.createDirectories(folder);
    Path probe = folder.resolve(PROBE);
    try (FileSink sink = new FileSink(probe)) {
      sink.write(new byte[PROBE_BYTES]);
      sink.force();
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private Path folderOf(JobId job) {
    return folder.resolve(job.value());
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
