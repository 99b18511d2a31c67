package bedload.collect;

import bedload.ledger.PaceLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Writes down how running jobs go, about once a second. For one thread. */
public final class PaceRounds {
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final PaceLog log;
  private final PaceLog.ModelCalls calls;
  private final InstantSource clock;
  private Instant next = Instant.MIN;

  /** Makes the rounds; the first begins at once. */
  public PaceRounds(PaceLog log, PaceLog.ModelCalls calls, InstantSource clock) {
    this.log = log;
    this.calls = calls;
    this.clock = clock;
  }

  /** Writes what is due, and returns 0: there is no more to do before the next second. */
  public int step() {
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      next = now.plus(BETWEEN);
      log.write(calls);
    }
    return 0;
  }
}
