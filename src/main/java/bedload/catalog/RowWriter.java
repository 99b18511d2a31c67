package bedload.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Writes observations of one type. */
final class RowWriter {
  private final RowShape shape;
  private final RowArrays observed;
  private final RowArrays keys;
  private final int keyWidth;
  private final String insert;
  private final String lock;
  private final String update;

  RowWriter(ResourceType type) {
    shape = new RowShape(type);
    RowStatements statements = new RowStatements(type, shape);
    observed = new RowArrays(shape.columns());
    keys = new RowArrays(statements.keyColumns());
    keyWidth = statements.keyColumns().size();
    insert = statements.insert();
    lock = statements.lock();
    update = statements.update();
  }

  /** Writes an observation and, if it says anything new, what stood until then into the history. */
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
   * What was known already takes two further statements: the rows are locked first, so that the
   * last one sees what a writer committed for whom this one waited.
   */
  private RecordedCounts writeDistinct(Handle handle, List<RowContent> contents) {
    if (contents.isEmpty()) {
      return RecordedCounts.NONE;
    }
    Set<List<String>> fresh =
        Set.copyOf(
            observed
                .bind(handle.createQuery(insert), contents, RowContent::value)
                .map((row, _) -> key(row))
                .list());
    List<RowContent> known =
        contents.stream().filter(content -> !fresh.contains(content.key())).toList();
    RecordedCounts counts = new RecordedCounts(fresh.size(), 0, 0, 0);
    return known.isEmpty() ? counts : counts.plus(update(handle, known));
  }

  private RecordedCounts update(Handle handle, List<RowContent> known) {
    keys.bind(handle.createQuery(lock), known.stream().map(RowContent::key).toList(), List::get)
        .mapTo(Integer.class)
        .list();
    List<Boolean> written =
        observed
            .bind(handle.createQuery(update), known, RowContent::value)
            .mapTo(Boolean.class)
            .list();
    int changed = Collections.frequency(written, true);
    return new RecordedCounts(0, changed, written.size() - changed, known.size() - written.size());
  }

  private List<String> key(ResultSet row) throws SQLException {
    List<String> key = new ArrayList<>();
    for (int column = 1; column <= keyWidth; column++) {
      key.add(row.getString(column));
    }
    return List.copyOf(key);
  }
}
