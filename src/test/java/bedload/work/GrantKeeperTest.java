package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.ledger.Grants;
import bedload.model.InFlightLimit;
import bedload.model.ModelMap;
import bedload.model.Rates;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often a node asks for its shares of models: often while it calls them, seldom else. */
@Timeout(20)
class GrantKeeperTest {
  private static final String MODEL = "http://127.0.0.1:1/v1#m";
  private static final Duration TICK = Duration.ofMillis(500);

  private final Database database = TestDatabase.create();
  private final InFlightLimit limit = new InFlightLimit(8, 64);
  private long nanos = System.nanoTime();
  private GrantKeeper keeper;

  @BeforeEach
  void open() {
    keeper =
        new GrantKeeper(
            "node-a",
            new Grants(database.jdbi()),
            List.of(new ModelMap.Shared(MODEL, 64, Rates.NONE, limit)),
            () -> nanos);
    keeper.step();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private record Share(int wanted, OffsetDateTime expiresAt) {}

  private Share share() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select wanted, expires_at
                          from ledger.model_grant
                         where model = :model
                        """)
                    .bind("model", MODEL)
                    .map(
                        (row, context) ->
                            new Share(
                                row.getInt("wanted"),
                                row.getObject("expires_at", OffsetDateTime.class)))
                    .one());
  }

  /** Returns how many of so many ticks renewed the share. */
  private int renewals(int ticks) {
    int renewals = 0;
    for (int i = 0; i < ticks; i++) {
      OffsetDateTime before = share().expiresAt();
      nanos += TICK.toNanos();
      keeper.step();
      renewals += share().expiresAt().equals(before) ? 0 : 1;
    }
    return renewals;
  }

  @Test
  void aModelThatNobodyCallsIsRenewedEveryTwoSeconds() {
    assertThat(renewals(20)).isEqualTo(5);
    assertThat(GrantKeeper.IDLE_EVERY.multipliedBy(3)).isLessThan(GrantKeeper.TERM);
  }

  @Test
  void aModelThatIsCalledIsRenewedAtEachTick() throws InterruptedException {
    try (InFlightLimit.Permit _ = limit.acquire()) {
      assertThat(renewals(8)).isEqualTo(8);
    }
  }

  /** An idle node holds its share, so the permit is there before anything is renewed. */
  @Test
  void theFirstCallAfterAnIdleTimeWaitsForNothingAndIsToldAtTheNextTick()
      throws InterruptedException {
    renewals(7);

    try (InFlightLimit.Permit _ = limit.acquire()) {
      assertThat(share().wanted()).isZero();
      assertThat(renewals(1)).isEqualTo(1);
      assertThat(share().wanted()).isPositive();
    }
  }

  /** Others may be waiting for what it has no use for any more. */
  @Test
  void theEndOfAllCallsIsToldAtTheNextTick() throws InterruptedException {
    try (InFlightLimit.Permit _ = limit.acquire()) {
      renewals(2);
    }

    assertThat(renewals(1)).isEqualTo(1);
    assertThat(share().wanted()).isZero();
    assertThat(renewals(3)).isZero();
  }
}
