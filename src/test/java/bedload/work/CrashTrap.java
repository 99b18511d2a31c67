package bedload.work;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a process is to die.
 *
 * @param hit how often the point is passed until then
 * @param gathers whether those who pass before wait there for the last: so as many are at that
 *     point when the process dies
 */
record CrashTrap(CrashPoint point, int hit, boolean gathers) {
  /** The exit status of a process that was made to die. */
  static final int DEAD = 137;

  private static final String GATHERS = "+";

  /** Reads {@code NAME:HIT}, or {@code NAME:HIT+} of a trap that gathers. */
  static CrashTrap parse(String text) {
    String[] parts = text.replace(GATHERS, "").split(":");
    return new CrashTrap(
        CrashPoint.valueOf(parts[0]), Integer.parseInt(parts[1]), text.endsWith(GATHERS));
  }

  /** Sets it in this process, in the place of any before. */
  void set() {
    AtomicInteger passed = new AtomicInteger();
    CrashPoint.watch(
        passing -> {
          if (passing == point) {
            int hits = passed.incrementAndGet();
            if (hits == hit) {
              // As abrupt as SIGKILL: no hooks, no flushing, no last words.
              Runtime.getRuntime().halt(DEAD);
            }
            if (gathers && hits < hit) {
              awaitDeath();
            }
          }
        });
  }

  private static void awaitDeath() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return point + ":" + hit + (gathers ? GATHERS : "");
  }
}
