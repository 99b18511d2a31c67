package bedload.work;

import bedload.job.JobId;
import bedload.job.TokenUsage;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of answers that no segment holds yet: what a killed process leaves behind for its
 * successor. One frame an answer, written by one call, so that a frame is whole or is the torn last
 * one. Thread-safe.
 *
 * <p>A frame: ordinal, outcome (1 byte: 1 for an answer, else how many calls the failure took,
 * negated, 0 where that is not known), four token counts (8 bytes each, -1 for unknown), length of
 * the line, CRC-32C of all that and the line, the line. Big end first.
 */
final class Journal implements Closeable {
  private static final int HEAD_BYTES = 4 + 1 + 4 * 8 + 4;
  private static final int FRAME_BYTES = HEAD_BYTES + 4;

  private final JobId job;
  private final String name;
  private final JournalDisk.Sink out;
  private long sizeBytes;
  private long lineBytes;
  private boolean dirty;

  /**
   * Begins to write.
   *
   * @param out empty, and this journal's to close
   */
  Journal(JobId job, String name, JournalDisk.Sink out) {
    this.job = job;
    this.name = name;
    this.out = out;
  }

  JobId job() {
    return job;
  }

  /** Returns the file's name, which no other journal of the job has on this node. */
  String name() {
    return name;
  }

  /** Adds an answer; once this returns, the death of the process does not lose it. */
  synchronized void append(Answer answer) throws IOException {
    byte[] line = answer.line();
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES + line.length);
    putHead(frame, answer);
    CRC32C crc = new CRC32C();
    crc.update(frame.array(), 0, HEAD_BYTES);
    crc.update(line);
    frame.putInt((int) crc.getValue());
    frame.put(line);
    out.write(frame.array());
    sizeBytes += frame.capacity();
    lineBytes += line.length;
    dirty = true;
  }

  private static void putHead(ByteBuffer frame, Answer answer) {
    TokenUsage usage = answer.usage();
    frame.putInt(answer.ordinal());
    frame.put((byte) (answer.success() ? 1 : -Math.min(answer.calls(), Byte.MAX_VALUE)));
    putCount(frame, usage.input());
    putCount(frame, usage.output());
    putCount(frame, usage.cacheRead());
    putCount(frame, usage.cacheWrite());
    frame.putInt(answer.line().length);
  }

  private static void putCount(ByteBuffer frame, @Nullable Long count) {
    frame.putLong(count == null ? -1 : count);
  }

  synchronized long sizeBytes() {
    return sizeBytes;
  }

  /** Returns how many bytes of output lines it holds. */
  synchronized long lineBytes() {
    return lineBytes;
  }

  /**
   * Brings what was appended to the disk.
   *
   * @return false if nothing was since the last time
   */
  boolean force() throws IOException {
    synchronized (this) {
      if (!dirty) {
        return false;
      }
      dirty = false;
    }
    out.force();
    return true;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /**
   * Reads back every whole frame; a torn or damaged end is left out, for its answer was never
   * confirmed.
   */
  static List<Answer> read(InputStream source) throws IOException {
    List<Answer> answers = new ArrayList<>();
    DataInputStream in = new DataInputStream(new BufferedInputStream(source, 1 << 16));
    Answer answer = readFrame(in);
    while (answer != null) {
      answers.add(answer);
      answer = readFrame(in);
    }
    return answers;
  }

  private static @Nullable Answer readFrame(DataInputStream in) throws IOException {
    byte[] head = new byte[HEAD_BYTES];
    try {
      in.readFully(head);
      ByteBuffer fields = ByteBuffer.wrap(head);
      int ordinal = fields.getInt();
      int outcome = fields.get();
      TokenUsage usage = new TokenUsage(count(fields), count(fields), count(fields), count(fields));
      int length = fields.getInt();
      int expected = in.readInt();
      if (length < 0) {
        return null;
      }
      // A damaged length may ask for more than there is: what comes is then too short, and no more
      // than that is ever held.
      byte[] line = in.readNBytes(length);
      if (line.length < length) {
        return null;
      }
      CRC32C crc = new CRC32C();
      crc.update(head);
      crc.update(line);
      return (int) crc.getValue() == expected
          ? new Answer(ordinal, outcome == 1, usage, line, Math.max(0, -outcome))
          : null;
    } catch (EOFException e) {
      return null;
    }
  }

  private static @Nullable Long count(ByteBuffer fields) {
    long count = fields.getLong();
    return count < 0 ? null : count;
  }
}
