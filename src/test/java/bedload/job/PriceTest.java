package bedload.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class PriceTest {
  private static final Price PRICE = new Price(new BigDecimal("3"), new BigDecimal("15"));

  @Test
  void tokensCostWhatAMillionOfThemCosts() {
    assertThat(PRICE.of(TokenUsage.of(1_000_000L, 100_000L)).orElseThrow())
        .isEqualByComparingTo("4.5");
    assertThat(PRICE.of(TokenUsage.of(1L, 0L)).orElseThrow()).isEqualByComparingTo("0.000003");
  }

  @Test
  void whatComesFromACacheIsReadToo() {
    assertThat(PRICE.of(new TokenUsage(400_000L, 0L, 600_000L, null)).orElseThrow())
        .isEqualByComparingTo("3");
  }

  @Test
  void tokensOfACacheMayHavePricesOfTheirOwn() {
    Price price =
        new Price(
            new BigDecimal("3"),
            new BigDecimal("15"),
            new BigDecimal("0.3"),
            new BigDecimal("3.75"));

    assertThat(price.of(new TokenUsage(0L, 0L, 1_000_000L, 2_000_000L)).orElseThrow())
        .isEqualByComparingTo("7.8");
  }

  @Test
  void theCostOfUnknownTokensIsUnknownAndNotZero() {
    assertThat(PRICE.of(TokenUsage.UNKNOWN)).isEmpty();
    assertThat(PRICE.of(TokenUsage.of(5L, null))).isEmpty();
  }

  @Test
  void aPriceBelowZeroIsRefused() {
    assertThatThrownBy(() -> new Price(new BigDecimal("-1"), BigDecimal.ONE))
        .hasMessageContaining("below zero");
  }
}
