package bedload.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("It changes the time zone of the process")
class SessionZoneTest {
  /** Or a day would begin where the process happens to run. */
  @Test
  void sessionsAreInUtcWhateverTheZoneOfTheProcess() {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
    try (Database database = TestDatabase.create()) {
      String day =
          database
              .jdbi()
              .withHandle(
                  h ->
                      h.createQuery("select date(timestamptz '2026-01-01T23:00:00Z')")
                          .mapTo(String.class)
                          .one());

      assertThat(day).isEqualTo("2026-01-01");
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
