package bedload.work;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** The verdicts on all cases as a table: a row for each point and database, and their sum. */
final class CrashReport {
  private static final List<String> DATABASES = List.of("embedded", "external");

  private CrashReport() {}

  static String of(List<CrashVerdict> verdicts) {
    StringBuilder text = new StringBuilder();
    text.append(summary(verdicts)).append("\n\n");
    text.append(
        "| point | database | deaths at | lost | doubled | hung | most calls repeated in a case |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    Set<CrashPoint> points = EnumSet.noneOf(CrashPoint.class);
    verdicts.forEach(verdict -> points.add(verdict.wanted().point()));
    for (CrashPoint point : points) {
      for (String where : DATABASES) {
        List<CrashVerdict> own =
            verdicts.stream()
                .filter(verdict -> verdict.where().equals(where))
                .filter(verdict -> verdict.wanted().point() == point)
                .toList();
        if (!own.isEmpty()) {
          text.append(row(point, where, own));
        }
      }
    }
    return text.toString();
  }

  private static String summary(List<CrashVerdict> verdicts) {
    long deaths = verdicts.stream().mapToLong(one -> one.wanted().deaths().size()).sum();
    return String.format(
        Locale.ROOT,
        "%d cases with %d deaths: %d lost, %d doubled, %d hung; calls repeated per death: %.1f on average, at most %d of %d in flight",
        verdicts.size(),
        deaths,
        sum(verdicts, one -> one.audit().lost()),
        sum(verdicts, one -> one.audit().doubled()),
        sum(verdicts, one -> one.hung().isEmpty() ? 0 : 1),
        (double) sum(verdicts, one -> one.audit().repeats()) / Math.max(1, deaths),
        verdicts.stream()
            .mapToInt(one -> one.audit().repeats() / one.wanted().deaths().size())
            .max()
            .orElse(0),
        DyingNode.MOST_IN_FLIGHT);
  }

  private static String row(CrashPoint point, String where, List<CrashVerdict> own) {
    return "| `%s` | %s | %s | %d | %d | %d | %d |%n"
        .formatted(
            point,
            where,
            own.stream()
                .map(one -> Integer.toString(one.wanted().deaths().getLast().hit()))
                .distinct()
                .collect(Collectors.joining(", ")),
            sum(own, one -> one.audit().lost()),
            sum(own, one -> one.audit().doubled()),
            sum(own, one -> one.hung().isEmpty() ? 0 : 1),
            own.stream().mapToInt(one -> one.audit().repeats()).max().orElse(0));
  }

  private static int sum(List<CrashVerdict> verdicts, ToIntFunction<CrashVerdict> figure) {
    return verdicts.stream().mapToInt(figure).sum();
  }
}
