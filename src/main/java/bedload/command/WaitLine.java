package bedload.command;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.function.LongSupplier;
import picocli.CommandLine.Model.CommandSpec;

/**
 * How far something is that a person waits for: one line that is written over and taken away at the
 * end on a terminal, and a line every five seconds in a pipe, so that what is quick says nothing
 * there. Not thread-safe.
 */
final class WaitLine implements AutoCloseable {
  private static final long TERMINAL_PAUSE_NANOS = 100_000_000;
  private static final long PIPE_PAUSE_NANOS = 5_000_000_000L;

  /** What is counted. */
  enum Unit {
    BYTES {
      @Override
      String text(long count) {
        return count < 10_000_000
            ? "%,d kB".formatted(count / 1_000)
            : "%,d MB".formatted(count / 1_000_000);
      }
    },
    RECORDS {
      @Override
      String text(long count) {
        return CountText.of(count, "record");
      }
    },
    MODELS {
      @Override
      String text(long count) {
        return CountText.of(count, "model");
      }
    };

    abstract String text(long count);

    /** Returns how far one is on the way to a total, which tells of what. */
    String text(long count, long total) {
      return (this == BYTES ? text(count) : "%,d".formatted(count)) + " of " + text(total);
    }
  }

  private final PrintWriter out;
  private final boolean isWatched;
  private final String what;
  private final long total;
  private final Unit unit;
  private final LongSupplier nanoTime;
  private long writtenNanos;
  private long done;
  private int length;

  WaitLine(
      PrintWriter out,
      boolean isWatched,
      String what,
      long total,
      Unit unit,
      LongSupplier nanoTime) {
    this.out = out;
    this.isWatched = isWatched;
    this.what = what;
    this.total = total;
    this.unit = unit;
    this.nanoTime = nanoTime;
    this.writtenNanos = nanoTime.getAsLong();
  }

  /**
   * Begins to wait.
   *
   * @param what such as "Reading input.jsonl"
   * @param total how much there is; 0 if nobody knows
   */
  static WaitLine of(CommandSpec spec, String what, long total, Unit unit) {
    return new WaitLine(
        spec.commandLine().getErr(),
        Terminal.isProgressWatched(),
        what,
        total,
        unit,
        System::nanoTime);
  }

  /** Tells how much is done by now. */
  void at(long count) {
    done = count;
    long now = nanoTime.getAsLong();
    if (now - writtenNanos >= (isWatched ? TERMINAL_PAUSE_NANOS : PIPE_PAUSE_NANOS)) {
      writtenNanos = now;
      write();
    }
  }

  /** Tells that so much more is done. */
  void add(long count) {
    at(done + count);
  }

  /** Returns a stream that tells how many bytes were read of another, which it closes. */
  InputStream counting(InputStream content) {
    return new FilterInputStream(content) {
      @Override
      public int read() throws IOException {
        int one = in.read();
        add(one < 0 ? 0 : 1);
        return one;
      }

      @Override
      public int read(byte[] bytes, int from, int count) throws IOException {
        int some = in.read(Objects.requireNonNull(bytes), from, count);
        add(Math.max(0, some));
        return some;
      }
    };
  }

  private void write() {
    String text =
        total > 0
            ? "  %s  %s  %d %%"
                .formatted(what, unit.text(done, total), Math.min(100, done * 100 / total))
            : "  %s  %s".formatted(what, unit.text(done));
    if (isWatched) {
      String line = text.substring(0, Math.min(text.length(), Terminal.columns() - 1));
      out.print("\r" + line + " ".repeat(Math.max(0, length - line.length())));
      out.flush();
      length = line.length();
    } else {
      out.println(text);
    }
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (length > 0) {
      out.print("\r" + " ".repeat(length) + "\r");
      out.flush();
    }
  }
}
