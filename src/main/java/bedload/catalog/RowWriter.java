package bedload.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Writes observations of one type. */
final class RowWriter {
  private final RowShape shape;
  private final RowArrays observed;
  private final List<String> key;
  private final String insert;
  private final String lock;
  private final String update;

  RowWriter(ResourceType type) {
    shape = new RowShape(type);
    observed = new RowArrays(shape.columns());
    key = type.keyColumns().stream().map(StoredColumn::name).toList();
    RowStatements statements = new RowStatements(type, observed);
    insert = statements.insert();
    lock = statements.lock();
    update = statements.update();
  }

  /**
   * Returns observations as they go to the database.
   *
   * @throws IllegalArgumentException if a document does not fit the type
   */
  ResourceRows rows(List<ResourceObservation> observations) {
    List<Batch> batches = new ArrayList<>();
    Map<List<String>, RowContent> distinct = new LinkedHashMap<>();
    for (ResourceObservation observation : observations) {
      RowContent content = shape.row(observation);
      if (distinct.containsKey(content.key())) {
        batches.add(batch(distinct));
        distinct.clear();
      }
      distinct.put(content.key(), content);
    }
    batches.add(batch(distinct));
    return new ResourceRows(batches);
  }

  private Batch batch(Map<List<String>, RowContent> distinct) {
    List<RowContent> contents = List.copyOf(distinct.values());
    return new Batch(contents.size(), observed.of(contents, RowContent::value));
  }

  /** Rows of different resources. */
  final class Batch {
    private final int size;
    private final List<byte[]> arrays;

    private Batch(int size, List<byte[]> arrays) {
      this.size = size;
      this.arrays = arrays;
    }

    /**
     * Writes what is new and, of what was known and says anything new, what stood until then into
     * the history.
     *
     * <p>What was known takes two further statements: the rows are locked first, so that the last
     * one sees what a writer committed for whom this one waited. To rows that were new a moment ago
     * both do nothing.
     */
    RecordedCounts write(Handle handle) {
      int fresh = observed.bind(handle.createQuery(insert), arrays).mapTo(Integer.class).one();
      return fresh == size ? new RecordedCounts(fresh, 0, 0, 0) : update(handle, fresh);
    }

    private RecordedCounts update(Handle handle, int fresh) {
      observed.bind(handle.createQuery(lock), arrays, key).mapTo(Integer.class).one();
      return observed
          .bind(handle.createQuery(update), arrays)
          .map(
              (row, _) -> {
                int changed = row.getInt("changed");
                int same = row.getInt("same");
                return new RecordedCounts(fresh, changed, same, size - fresh - changed - same);
              })
          .one();
    }
  }
}
