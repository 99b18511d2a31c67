package bedload.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.ledger.Grants.Grant;
import bedload.ledger.Grants.Limit;
import bedload.ledger.Grants.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrantsTest {
  private static final String MODEL = "http://127.0.0.1:1/v1#m";
  private static final Duration TERM = Duration.ofMinutes(1);

  private final Database database = TestDatabase.create();
  private final Grants grants = new Grants(database.jdbi());

  @AfterEach
  void close() {
    database.close();
  }

  private void limit(int calls, @Nullable Integer requests, @Nullable Long tokens) {
    grants.set(List.of(new Limit(MODEL, calls, requests, tokens)));
  }

  private int renew(String node, int wanted, int inFlight) {
    return renew(node, TERM, wanted, inFlight);
  }

  private int renew(String node, Duration term, int wanted, int inFlight) {
    return renewal(node, term, new Wish(MODEL, wanted, 0, 0, "", _ -> inFlight)).calls();
  }

  private Grant renewal(String node, Duration term, Wish wish) {
    return grants.renew(node, term, List.of(wish)).getOrDefault(MODEL, new Grant(-1, false, 0, 0));
  }

  @Test
  void aNodeAloneHasTheWholeLimit() {
    limit(300, null, null);

    assertThat(renew("a", 0, 0)).isEqualTo(300);
  }

  /** The fault that starves newcomers: who has everything must let go while it is busy. */
  @Test
  void aBusyNodeLetsGoOfWhatAnotherWantsAndTheOtherGetsItOnlyWhenItIsFree() {
    limit(300, null, null);
    renew("a", 1000, 0);

    assertThat(renew("b", 1000, 0)).as("nothing is free yet").isZero();
    assertThat(renew("a", 1000, 300)).as("shrinks at once").isEqualTo(150);
    assertThat(renew("b", 1000, 0)).as("300 calls still run").isZero();
    assertThat(renew("a", 1000, 220)).isEqualTo(150);
    assertThat(renew("b", 1000, 0)).isEqualTo(80);
    renew("a", 1000, 150);
    assertThat(renew("b", 1000, 80)).isEqualTo(150);
    assertThat(grants.granted(MODEL)).isEqualTo(300);
  }

  @Test
  void theShareOfANodeThatIsSilentIsFreeWhenItExpires() {
    limit(100, null, null);
    renew("a", Duration.ofMillis(300), 1000, 100);
    assertThat(renew("b", 1000, 0)).isZero();

    await().atMost(Duration.ofSeconds(10)).until(() -> renew("b", 1000, 0) == 100);
  }

  @Test
  void aLimitThatIsLoweredHoldsWithTheNextRenewals() {
    limit(100, null, null);
    renew("a", 1000, 0);
    renew("b", 1000, 0);
    renew("a", 1000, 50);
    renew("b", 1000, 0);

    limit(40, null, null);
    assertThat(renew("a", 1000, 20)).isEqualTo(0);
    assertThat(renew("b", 1000, 20)).isEqualTo(20);
    assertThat(renew("a", 1000, 0)).isEqualTo(20);
    assertThat(grants.granted(MODEL)).isEqualTo(40);
  }

  @Test
  void grantsOfAllNodesNeverSumToMoreThanTheLimitWhateverTheyDoAtOnce() throws Exception {
    limit(97, null, null);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> nodes =
          threads.invokeAll(
              IntStream.range(0, 6)
                  .<Callable<Integer>>mapToObj(node -> () -> hustle(node))
                  .toList());
      for (Future<Integer> node : nodes) {
        assertThat(node.get()).isLessThanOrEqualTo(97);
      }
    }
  }

  /** Renews with ever other wishes; returns the largest sum that was ever seen. */
  private int hustle(int node) {
    Random random = new Random(node);
    int most = 0;
    int granted = 0;
    for (int i = 0; i < 40; i++) {
      int inFlight = granted == 0 ? 0 : random.nextInt(granted + 1);
      granted = renew("node-" + node, random.nextInt(200), inFlight);
      most = Math.max(most, grants.granted(MODEL));
      if (i % 13 == node) {
        grants.giveBack("node-" + node);
        granted = 0;
      }
    }
    return most;
  }

  @Test
  void requestsAndTokensOfAMinuteAreSharedAndNeverHandedOutTwice() {
    limit(100, 600, 60_000L);
    double requests = 0;
    double tokens = 0;
    long began = System.nanoTime();
    for (int i = 0; i < 200; i++) {
      Grant grant = renewal(i % 2 == 0 ? "a" : "b", TERM, new Wish(MODEL, 100, 5, 700, "", _ -> 0));
      assertThat(grant.isRated()).isTrue();
      requests += grant.requests();
      tokens += grant.tokens();
    }
    double seconds = (System.nanoTime() - began) / 1e9;

    // The rate is 10 requests and 1,000 tokens a second.
    assertThat(requests).isCloseTo(10 * seconds, within(1.0 + seconds));
    assertThat(tokens).isCloseTo(1000 * seconds, within(100 + 100 * seconds));
  }

  @Test
  void withoutARateOfItsOwnOnlyTheOtherOneCounts() {
    limit(100, 60, null);

    Grant grant = renewal("a", TERM, new Wish(MODEL, 100, 1, 0, "", _ -> 0));

    assertThat(grant.tokens()).isInfinite();
    assertThat(grant.requests()).isLessThanOrEqualTo(1);
  }
}
