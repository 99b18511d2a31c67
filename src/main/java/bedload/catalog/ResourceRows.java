package bedload.catalog;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Observations of one type as they go to the database, in their order. */
public final class ResourceRows {
  /** No observation at all. */
  public static final ResourceRows NONE = new ResourceRows(List.of());

  private final List<RowWriter.Batch> batches;

  ResourceRows(List<RowWriter.Batch> batches) {
    this.batches = List.copyOf(batches);
  }

  /** Writes them as part of the caller's transaction. Written twice, they are written once. */
  public RecordedCounts write(Handle handle) {
    RecordedCounts counts = RecordedCounts.NONE;
    for (RowWriter.Batch batch : batches) {
      counts = counts.plus(batch.write(handle));
    }
    return counts;
  }
}
