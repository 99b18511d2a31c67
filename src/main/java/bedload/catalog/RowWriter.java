package bedload.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Writes observations of one type. */
final class RowWriter {
  private final RowShape shape;
  private final RowArrays observed;
  private final RowArrays keys;
  private final int keyWidth;
  private final String write;
  private final String turnPage;

  /**
   * A row that was written.
   *
   * @param isNew whether the resource was not known
   */
  private record Written(boolean isNew, List<String> key) {}

  RowWriter(ResourceType type) {
    shape = new RowShape(type);
    RowStatements statements = new RowStatements(type, shape);
    observed = new RowArrays(shape.columns());
    keys = new RowArrays(statements.keyColumns());
    keyWidth = statements.keyColumns().size();
    write = statements.write();
    turnPage = statements.turnPage();
  }

  /** Writes an observation and, if it says anything new, its version into the history. */
  Recorded write(Handle handle, ResourceObservation observation) {
    return writeDistinct(handle, List.of(shape.row(observation))).onlyOne();
  }

  /** Writes observations in their order, as many at a time as are of different resources. */
  RecordedCounts writeAll(Handle handle, List<ResourceObservation> observations) {
    RecordedCounts counts = RecordedCounts.NONE;
    Map<List<String>, RowContent> distinct = new LinkedHashMap<>();
    for (ResourceObservation observation : observations) {
      RowContent content = shape.row(observation);
      if (distinct.containsKey(content.key())) {
        counts = counts.plus(writeDistinct(handle, List.copyOf(distinct.values())));
        distinct.clear();
      }
      distinct.put(content.key(), content);
    }
    return counts.plus(writeDistinct(handle, List.copyOf(distinct.values())));
  }

  /**
   * What was known already takes a second statement, because that one must see what a writer
   * committed for whom the first one waited.
   */
  private RecordedCounts writeDistinct(Handle handle, List<RowContent> contents) {
    if (contents.isEmpty()) {
      return RecordedCounts.NONE;
    }
    List<Written> written =
        observed
            .bind(handle.createQuery(write), contents, RowContent::value)
            .map((row, _) -> written(row))
            .list();
    int stale = contents.size() - written.size();
    List<List<String>> known =
        written.stream().filter(row -> !row.isNew()).map(Written::key).toList();
    int fresh = written.size() - known.size();
    int changed = known.isEmpty() ? 0 : turnPage(handle, known);
    return new RecordedCounts(fresh, changed, known.size() - changed, stale);
  }

  private Written written(ResultSet row) throws SQLException {
    List<String> key = new ArrayList<>();
    for (int column = 0; column < keyWidth; column++) {
      key.add(row.getString(column + 2));
    }
    return new Written(row.getBoolean(1), List.copyOf(key));
  }

  private int turnPage(Handle handle, List<List<String>> known) {
    return keys.bind(handle.createQuery(turnPage), known, List::get)
        .mapTo(Integer.class)
        .list()
        .size();
  }
}
