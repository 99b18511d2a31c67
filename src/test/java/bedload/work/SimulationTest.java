package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol under thousands of seeds, each another course of deaths, freezes and losses. */
class SimulationTest {
  private static final int SEEDS = 10_000;
  private static final int FEW_SEEDS = 300;

  /** A simulation that did not notice a missing rule within so many seeds would be no judge. */
  private static final int SEEDS_TO_FIND = 2_000;

  @TempDir static Path spool;

  /** One seed alone, if the property names it; else the first few. */
  @Test
  void aFewSeedsKeepEveryPromise() {
    Long seed = Long.getLong("bedload.seed");
    check(seed == null ? LongStream.range(0, FEW_SEEDS) : LongStream.of(seed));
  }

  @Test
  @Tag("slow")
  void tenThousandSeedsKeepEveryPromise() {
    long began = System.nanoTime();
    check(LongStream.range(FEW_SEEDS, SEEDS));
    System.out.printf("%,d seeds in %.1f s%n", SEEDS, (System.nanoTime() - began) / 1e9);
  }

  @Test
  void theSameSeedTakesTheSameCourse() {
    assertThat(trace(7)).hasSizeGreaterThan(10).isEqualTo(trace(7));
  }

  private static java.util.List<String> trace(long seed) {
    Simulation simulation = new Simulation(seed, SimulatedBook.Flaw.NONE, true, spool, true);
    simulation.run();
    return simulation.trace();
  }

  private static void check(LongStream seeds) {
    Optional<String> failure =
        seeds
            .parallel()
            .mapToObj(seed -> failure(seed, SimulatedBook.Flaw.NONE, true))
            .flatMap(Optional::stream)
            .findFirst();
    assertThat(failure).isEmpty();
  }

  private static Optional<String> failure(
      long seed, SimulatedBook.Flaw flaw, boolean isLapseChecked) {
    try {
      new Simulation(seed, flaw, isLapseChecked, spool, false).run();
      return Optional.empty();
    } catch (Simulation.Violation | IllegalStateException violation) {
      Simulation again = new Simulation(seed, flaw, isLapseChecked, spool, true);
      try {
        again.run();
      } catch (Simulation.Violation | IllegalStateException same) {
        // It was for the trace.
      }
      return Optional.of(
          "%s%n%s%nTo see it again: ./mvnw test -Dtest=SimulationTest#aFewSeedsKeepEveryPromise -Dbedload.seed=%d"
              .formatted(violation, String.join("\n", again.trace()), seed));
    }
  }

  @Test
  void aFenceThatIsLeftOutIsNoticed() {
    assertThat(firstToNotice(SimulatedBook.Flaw.NO_FENCE, true)).isPresent();
  }

  @Test
  void aClaimWithoutItsPickIsNoticed() {
    assertThat(firstToNotice(SimulatedBook.Flaw.NO_PICK, true)).isPresent();
  }

  @Test
  void anEndInTwoTransactionsIsNoticed() {
    assertThat(firstToNotice(SimulatedBook.Flaw.TWO_TRANSACTIONS, true)).isPresent();
  }

  @Test
  void aLapseThatIsNotCheckedIsNoticed() {
    assertThat(firstToNotice(SimulatedBook.Flaw.NONE, false)).isPresent();
  }

  private static Optional<String> firstToNotice(SimulatedBook.Flaw flaw, boolean isLapseChecked) {
    return LongStream.range(0, SEEDS_TO_FIND)
        .mapToObj(seed -> failure(seed, flaw, isLapseChecked))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
