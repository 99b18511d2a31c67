package bedload.web.query;

import bedload.catalog.ReadingDesk;
import bedload.catalog.SqlText;
import java.util.Arrays;
import java.util.List;

/**
 * An account at a desk.
 *
 * @param account whose rows are asked for
 */
public record Asker(ReadingDesk desk, String account) {
  /** Answers a question as the account. */
  public ReadingDesk.Reply ask(ReadingDesk.Ask ask) {
    return desk.ask(account, ask);
  }

  /** Answers a question of our own, whose {@code $1} and so on are texts. */
  public ReadingDesk.Reply ask(String sql, int rows, String... texts) {
    return ask(new ReadingDesk.Ask(SqlText.of(sql), List.copyOf(Arrays.asList(texts)), rows, null));
  }
}
