package bedload.announce;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file to which each step is added as a line. It is opened anew each time, so that it may be
 * moved away and begun afresh.
 */
public final class EventFile implements Audience {
  private static final int AT_ONCE = 100;
  private static final int LONGEST_LINE_BYTES = 64 * 1024;

  private final Path file;

  /**
   * @param file need not exist; its folder must
   */
  public EventFile(Path file) {
    this.file = file;
  }

  @Override
  public String name() {
    return "file";
  }

  @Override
  public int atOnce() {
    return AT_ONCE;
  }

  @Override
  public Reception tell(List<Notice> notices) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = endOfLastLine(channel);
      channel.truncate(end).position(end);
      for (Notice notice : notices) {
        byte[] line = (notice.body() + "\n").getBytes(StandardCharsets.UTF_8);
        write(channel, ByteBuffer.wrap(line));
      }
      channel.force(true);
      return new Reception.Taken();
    } catch (IOException e) {
      return new Reception.Absent("The file %s cannot be written: %s".formatted(file, e));
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Half a line is what a crash left behind; its step was not struck off and comes again. */
  private static long endOfLastLine(FileChannel channel) throws IOException {
    long size = channel.size();
    long from = Math.max(0, size - LONGEST_LINE_BYTES);
    ByteBuffer tail = ByteBuffer.allocate((int) (size - from));
    while (tail.hasRemaining() && channel.read(tail, from + tail.position()) >= 0) {}
    for (int i = tail.position() - 1; i >= 0; i--) {
      if (tail.get(i) == '\n') {
        return from + i + 1;
      }
    }
    // No end of a line far and wide: whatever this is, none of it is ours to cut off.
    return from == 0 ? 0 : size;
  }

  @Override
  public void close() {}
}
