package bedload.catalog;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Brings tables and views in line with the schema files. A new column, index or description is
 * applied at the next start; a column that a file no longer names is kept and no longer shown.
 */
final class CatalogSchema {
  private final Jdbi jdbi;

  CatalogSchema(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Applies the schema files and returns the tables that had to be made or changed: none, if all
   * was as the files say.
   *
   * @param readable whether there is a role of readers to grant the views to
   * @throws SchemaFileException if a file wants what cannot be done without losing what is stored
   */
  List<String> apply(List<ResourceType> types, boolean readable) {
    List<String> applied = new ArrayList<>();
    Extensions extensions = Extensions.prepare(jdbi);
    for (ResourceType type : types) {
      SchemaPlan plan = SchemaPlan.of(type, readable, extensions);
      if (!jdbi.withHandle(plan::isApplied)
          && jdbi.inTransaction(handle -> applyLocked(handle, plan))) {
        applied.add(type.table());
      }
    }
    return List.copyOf(applied);
  }

  private static final String LOCK = "lock table catalog_store.applied_schema in exclusive mode";

  private static boolean applyLocked(Handle handle, SchemaPlan plan) {
    handle.execute(LOCK);
    if (plan.isApplied(handle)) {
      // Another node, started at the same time, was first.
      return false;
    }
    plan.apply(handle);
    return true;
  }
}
