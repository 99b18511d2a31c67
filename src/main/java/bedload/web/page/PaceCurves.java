package bedload.web.page;

import bedload.ledger.PaceLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How fast a job went, and with how many calls at once, as curves. */
final class PaceCurves {
  private PaceCurves() {}

  static Html html(List<PaceLog.Point> points) {
    if (points.size() < 2) {
      return Html.of(
          "<p class=\"quiet\">There is a curve once a job has run for some seconds.</p>");
    }
    List<Curve.Point> pace = new ArrayList<>();
    List<Curve.Point> calls = new ArrayList<>();
    List<Curve.Point> limits = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      PaceLog.Point point = points.get(i);
      if (i > 0) {
        PaceLog.Point last = points.get(i - 1);
        double seconds = Math.max(1, Duration.between(last.at(), point.at()).toMillis()) / 1000.0;
        long done = point.success() + point.error() - last.success() - last.error();
        pace.add(new Curve.Point(point.at(), Math.max(0, done) / seconds));
      }
      PaceLog.InFlight inFlight = point.inFlight();
      if (inFlight != null) {
        calls.add(new Curve.Point(point.at(), inFlight.calls()));
        limits.add(new Curve.Point(point.at(), inFlight.limit()));
      }
    }
    return Html.of(
        "<div class=\"charts\">{}{}</div>",
        new Curve("Records a second", "records/s", pace, "", List.of()).html(),
        new Curve("Calls in flight to its model", "calls", calls, "as many as might be", limits)
            .html());
  }
}
