package bedload.command;

import bedload.job.LengthText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What a service that starts is doing: one line on a terminal that is written over, of which only
 * what took longer than a second stays. Not thread-safe.
 */
final class StartLine {
  private static final Duration WORTH_A_LINE = Duration.ofSeconds(1);

  private final PrintWriter out;
  private final LongSupplier nanoTime;
  private String step = "";
  private long began;

  StartLine(PrintWriter out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
  }

  /** The step before has ended and this one begins. */
  void begins(String next) {
    end();
    step = next;
    began = nanoTime.getAsLong();
    out.print("  " + step + " …");
    out.flush();
  }

  /** The last step has ended. */
  void end() {
    if (step.isEmpty()) {
      return;
    }
    Duration took = Duration.ofNanos(nanoTime.getAsLong() - began);
    // Erased to the end of the line: the next step's name may be shorter.
    out.print("\r\u001b[K");
    if (took.compareTo(WORTH_A_LINE) > 0) {
      out.println("  " + step + ": " + LengthText.of(took));
    }
    out.flush();
    step = "";
  }
}
