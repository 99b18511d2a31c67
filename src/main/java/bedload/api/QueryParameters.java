package bedload.api;

import bedload.wire.Call;
import bedload.wire.TextRule;
import bedload.wire.Violations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** The query parameters of a call, each read under its rule. */
record QueryParameters(Call call, Violations violations) {
  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 1000;
  private static final int LAST_YEAR = 9999;

  /** Returns a text if it is there. */
  Optional<String> text(String name, TextRule rule) {
    Optional<String> text = find(name);
    text.ifPresent(value -> violations.check(value, name, rule));
    return text;
  }

  /** Returns how many resources a page may have. */
  int maxResults() {
    return find("maxResults")
        .flatMap(value -> violations.integer(value, "maxResults", 1, MAX_PAGE))
        .orElse(DEFAULT_PAGE);
  }

  /** Returns a time if it is there. */
  Optional<Instant> instant(String name) {
    return find(name).flatMap(value -> parse(value, name));
  }

  private Optional<Instant> parse(String value, String name) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(value);
      if (time.getYear() >= 0 && time.getYear() <= LAST_YEAR) {
        return Optional.of(time.toInstant());
      }
    } catch (DateTimeException e) {
      // Said below, like a year that no database keeps.
    }
    violations.add(
        value, name, "Member must be an ISO 8601 timestamp such as 2026-01-31T12:00:00.000Z");
    return Optional.empty();
  }

  private Optional<String> find(String name) {
    return Optional.ofNullable(call.query().get(name));
  }
}
