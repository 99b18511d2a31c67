package bedload.work;

import bedload.job.JobId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A node's journal disk in memory: it outlives the node's process, may be full, and may be lost.
 */
final class MemoryDisk implements JournalDisk {
  /** What happens beside an operation: a death thrown, a disk that is full, a stop in time. */
  interface Fate {
    /**
     * Is asked before bytes are written.
     *
     * @return how many of them are written; fewer than there are means that the disk is full
     */
    int beforeWrite(int bytes);

    /** Says whether nothing can be written now. */
    boolean isFull();
  }

  private final Map<JobId, Map<String, ByteArrayOutputStream>> files = new HashMap<>();
  private final Fate fate;

  MemoryDisk(Fate fate) {
    this.fate = fate;
  }

  /** Forgets everything, as a machine that was replaced. */
  void lose() {
    files.clear();
  }

  /** Returns every answer in the whole frames of a job's files. */
  Set<Integer> ordinals(JobId job, int shard) {
    return files.getOrDefault(job, Map.of()).entrySet().stream()
        .filter(file -> file.getKey().startsWith(shard + "-"))
        .flatMap(file -> answers(file.getValue()).stream())
        .map(Answer::ordinal)
        .collect(Collectors.toSet());
  }

  private static List<Answer> answers(ByteArrayOutputStream file) {
    try {
      return Journal.read(new ByteArrayInputStream(file.toByteArray()));
    } catch (IOException e) {
      throw new IllegalStateException("Memory does not fail", e);
    }
  }

  /** Says whether nothing of the job is left. */
  boolean isClean(JobId job) {
    return files.getOrDefault(job, Map.of()).isEmpty();
  }

  @Override
  public Sink create(JobId job, String name) throws IOException {
    requireWritable();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    files.computeIfAbsent(job, _ -> new TreeMap<>()).put(name, bytes);
    return new Sink() {
      @Override
      public void write(byte[] more) throws IOException {
        int written = fate.beforeWrite(more.length);
        bytes.write(more, 0, Math.min(Math.abs(written), more.length));
        if (written < 0) {
          throw new Death();
        }
        if (written < more.length) {
          throw new IOException("No space left on device");
        }
      }

      @Override
      public void force() {}

      @Override
      public void close() {}
    };
  }

  @Override
  public InputStream read(JobId job, String name) throws IOException {
    ByteArrayOutputStream bytes = files.getOrDefault(job, Map.of()).get(name);
    if (bytes == null) {
      throw new FileNotFoundException(name);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  @Override
  public List<String> names(JobId job) {
    return List.copyOf(files.getOrDefault(job, Map.of()).keySet());
  }

  @Override
  public List<JobId> jobs() {
    return List.copyOf(files.keySet());
  }

  @Override
  public void delete(JobId job, String name) {
    files.getOrDefault(job, Map.of()).remove(name);
  }

  @Override
  public void deleteAll(JobId job) {
    files.remove(job);
  }

  @Override
  public void requireWritable() throws IOException {
    if (fate.isFull()) {
      throw new IOException("No space left on device");
    }
  }

  @Override
  public String toString() {
    return "memory";
  }
}
