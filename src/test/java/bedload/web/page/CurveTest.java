package bedload.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CurveTest {
  private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");
  private static final Pattern SLOT =
      Pattern.compile("<rect class=\"at\" x=\"([0-9.]+)\" y=\"0\" width=\"([0-9.]+)\"");

  private static Curve curve(double... values) {
    List<Curve.Point> points = new ArrayList<>();
    for (double value : values) {
      points.add(new Curve.Point(START.plusSeconds(10L * points.size()), value));
    }
    return new Curve("Records a second", "records/s", points, "", List.of());
  }

  @Test
  void theMostIsToldWithItsUnitAndAsManyDigitsAsMeanSomething() {
    assertThat(curve(0, 0.1234).html().toString()).contains("at most 0.12 records/s");
    assertThat(curve(0, 34).html().toString()).contains("at most 34 records/s");
    assertThat(curve(0, 34.56).html().toString()).contains("at most 34.6 records/s");
    assertThat(curve(0, 1234.5).html().toString()).contains("at most 1,23");
  }

  @Test
  void whoPointsAtATimeIsToldItsValueAndNoTimeIsWithout() {
    double[] values = new double[1000];
    values[500] = 7;
    String html = curve(values).html().toString();

    List<MatchResult> slots = SLOT.matcher(html).results().toList();
    double right = 0;
    for (MatchResult slot : slots) {
      assertThat(Double.parseDouble(slot.group(1))).isEqualTo(right, within());
      right = Double.parseDouble(slot.group(1)) + Double.parseDouble(slot.group(2));
    }
    assertThat(right).isEqualTo(600, within());
    assertThat(slots).hasSizeBetween(100, 130);
    assertThat(html).contains("<title>0 records/s, 2026-05-01 00:00:00 UTC</title>");
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(0.11);
  }
}
