package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who makes a new job of what failed, when several could. */
class RerunsTest {
  private final Database database = TestDatabase.create();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Ledger ledger = new Ledger(database.jdbi(), () -> now, new Random(1));
  private final Reruns book = new Reruns(database.jdbi(), () -> now);
  private Job job;

  @BeforeEach
  void submit() {
    job =
        ((SubmitResult.Submitted)
                ledger.submit(AccountId.DEFAULT, "us-east-1", JobSpecs.named("failed")))
            .job();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void oneNodeTakesItAndAnotherOnlyWhenThatOneIsSilent() {
    book.ask(job.id());
    Reruns.Rerun first = book.take().orElseThrow();
    assertThat(book.take()).isEmpty();

    now = now.plus(Reruns.LEASE).minusSeconds(1);
    assertThat(book.goOn(first, 100)).isTrue();
    now = now.plusSeconds(2);
    assertThat(book.take()).isEmpty();
    assertThat(book.find(job.id()).orElseThrow().records()).isEqualTo(100);

    now = now.plus(Reruns.LEASE);
    Reruns.Rerun second = book.take().orElseThrow();
    assertThat(second.stamp()).isEqualTo(first.stamp());
    assertThat(book.goOn(first, 200)).isFalse();
    assertThat(book.goOn(second, 50)).isTrue();
  }

  @Test
  void askingTwiceWhileItIsUnderWayIsAskingOnce() {
    book.ask(job.id());
    Reruns.Rerun taken = book.take().orElseThrow();
    now = now.plusSeconds(1);
    book.ask(job.id());

    assertThat(book.find(job.id()).orElseThrow().stamp()).isEqualTo(taken.stamp());
    assertThat(book.take()).isEmpty();
  }

  @Test
  void whatHasEndedCanBeAskedForAnewAndIsAnother() {
    book.ask(job.id());
    Reruns.Rerun first = book.take().orElseThrow();
    book.made(first, 7, job.id());
    assertThat(book.find(job.id()).orElseThrow())
        .isEqualTo(new Reruns.Rerun(job.id(), first.stamp(), 7, 1, job.id(), null, true));
    assertThat(book.take()).isEmpty();

    now = now.plus(Duration.ofMinutes(1));
    book.ask(job.id());
    Reruns.Rerun second = book.take().orElseThrow();

    assertThat(second.stamp()).isNotEqualTo(first.stamp());
    assertThat(second.made()).isNull();
    book.failed(first, "too late to count");
    assertThat(book.find(job.id()).orElseThrow().message()).isNull();
    book.failed(second, "gone");
    assertThat(book.find(job.id()).orElseThrow().message()).isEqualTo("gone");
  }
}
