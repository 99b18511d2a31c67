package bedload.command;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;

/** The most rows that each table of a service's database was seen with. Not thread-safe. */
final class RowPeaks {
  private static final String TABLES =
      """
      select schemaname || '.' || relname
        from pg_stat_user_tables
       where schemaname not like 'pg_%'
       order by 1
      """;

  private final Jdbi jdbi;
  private final SortedMap<String, Long> first;
  private final SortedMap<String, Long> most;

  /** Counts for the first time. */
  RowPeaks(Jdbi jdbi) {
    this.jdbi = jdbi;
    this.first = counts();
    this.most = new TreeMap<>(first);
  }

  private SortedMap<String, Long> counts() {
    return jdbi.withHandle(
        handle -> {
          SortedMap<String, Long> counts = new TreeMap<>();
          for (String table : handle.createQuery(TABLES).mapTo(String.class).list()) {
            String count = "select count(*) from " + table;
            counts.put(table, handle.createQuery(count).mapTo(Long.class).one());
          }
          return counts;
        });
  }

  /** Counts again. */
  void look() {
    counts().forEach((table, count) -> most.merge(table, count, Math::max));
  }

  /** Returns how many rows there were at most, by table; only those that became more. */
  Map<String, Long> grown() {
    SortedMap<String, Long> grown = new TreeMap<>(most);
    grown.entrySet().removeIf(each -> each.getValue() <= first.getOrDefault(each.getKey(), 0L));
    return grown;
  }
}
