package bedload.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTimeTest {
  @Test
  void readsWhatTheJdkReads() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      long second = random.nextLong(-62_135_596_800L, 253_402_300_800L);
      int nano = random.nextInt(4) == 0 ? 0 : random.nextInt(1_000_000_000);
      String text = Instant.ofEpochSecond(second, nano).toString();
      assertThat(UtcTime.parse(text)).as(text).isEqualTo(Instant.parse(text));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-02-29T23:59:59.1Z",
        "2024-08-13T22:24:36.123456Z",
        "1969-12-31T23:59:59.999999999Z"
      })
  void readsFractionsOfAnyLength(String text) {
    assertThat(UtcTime.parse(text)).isEqualTo(OffsetDateTime.parse(text).toInstant());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "soon",
        "2026-03-01",
        "2026-03-01T12:00Z",
        "2026-03-01T12:00:00",
        "2026-03-01T12:00:00+01:00",
        "2026-03-01t12:00:00Z",
        "2026-03-01T12:00:00z",
        "2026-03-01T12:00:00.Z",
        "2026-03-01T12:00:00,5Z",
        "2026-03-01T12:00:00.5x1Z",
        "2026-03-01T12:00:00.1234567891Z",
        "2026-13-01T12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T12:60:00Z",
        "2026-03-01T12:00:60Z",
        "+2026-03-01T12:00:0Z",
        "2026-03-01T12:00:0\u0660Z"
      })
  void leavesAllElseToOthers(String text) {
    assertThat(UtcTime.parse(text)).isNull();
  }
}
