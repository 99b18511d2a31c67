package bedload.work;

import bedload.job.JobId;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Where a node keeps its journals: a folder for each job, a file for each journal. Thread-safe, but
 * for a single file.
 */
interface JournalDisk {
  /** Begins a new file, with the job's folder if need be. */
  Sink create(JobId job, String name) throws IOException;

  /** A file that grows. */
  interface Sink extends Closeable {
    /** Adds the bytes; once this returns, the death of the process does not lose them. */
    void write(byte[] bytes) throws IOException;

    /** Brings what was added to the disk, so that a power cut does not lose it either. */
    void force() throws IOException;
  }

  /** Opens a file. */
  InputStream read(JobId job, String name) throws IOException;

  /** Returns the names of a job's files, in no order; none if the job has no folder. */
  List<String> names(JobId job) throws IOException;

  /** Returns the jobs that have a folder. */
  List<JobId> jobs() throws IOException;

  /** Deletes a file if it is there. */
  void delete(JobId job, String name) throws IOException;

  /** Deletes a job's folder and all in it. */
  void deleteAll(JobId job) throws IOException;

  /** Fails unless a few answers could be written and forced now. Leaves nothing behind. */
  void requireWritable() throws IOException;
}
