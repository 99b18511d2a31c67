package bedload.ledger;

import bedload.job.JobId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Finds the jobs of a list that have a part in their names. First it goes along the list itself,
 * which is the end of most searches; after so many jobs it turns to the pages of names, and takes
 * from the list only what those do not hold yet.
 */
final class NameSearch {
  /** Read in some 4 ms. With a status that few jobs have, this is all of them. */
  private static final int STRETCH = 20_000;

  private static final String HAS_PART =
      """
         and position(:part in listed.job_name) > 0
      """;

  private static final JobQuery.Position BEFORE_ALL =
      new JobQuery.Position(Instant.EPOCH, new JobId("000000000000"));

  private final ListScope scope;
  private final JobQuery query;
  private final String part;
  private final int limit;
  private final int stretch;

  NameSearch(ListScope scope, String part, int limit) {
    this(scope, part, limit, STRETCH);
  }

  /**
   * As above, with another patience.
   *
   * @param stretch how many jobs are read before it turns to pages
   */
  NameSearch(ListScope scope, String part, int limit, int stretch) {
    this.scope = scope;
    this.query = scope.query();
    this.part = part;
    this.limit = limit;
    this.stretch = stretch;
  }

  /** Returns the ids in the list's order, at most as many as fit on its page. */
  List<String> ids(Handle handle) {
    List<String> found = new ArrayList<>(inStretch(handle));
    if (found.size() < limit) {
      JobQuery.Position reached = endOfStretch(handle).orElse(null);
      if (reached != null && query.ascending()) {
        oldToNew(handle, reached, found);
      } else if (reached != null) {
        newToOld(handle, reached, found);
      }
    }
    return found;
  }

  /** The last page is asked for once: what is put into pages meanwhile is found in the list. */
  private void oldToNew(Handle handle, JobQuery.Position reached, List<String> found) {
    Optional<JobQuery.Position> folded = lastFolded(handle, reached);
    if (folded.isPresent()) {
      found.addAll(inPages(handle, reached, folded.get(), limit - found.size()));
    }
    if (found.size() < limit) {
      JobQuery.Position loose = folded.orElse(reached);
      found.addAll(inList(handle, loose, null, limit - found.size()));
    }
  }

  private void newToOld(Handle handle, JobQuery.Position reached, List<String> found) {
    Optional<JobQuery.Position> folded = lastFolded(handle, BEFORE_ALL);
    found.addAll(inList(handle, reached, folded.orElse(null), limit - found.size()));
    if (folded.isPresent() && found.size() < limit) {
      found.addAll(inPages(handle, reached, folded.get(), limit - found.size()));
    }
  }

  /** The names are in the index, so this reads no rows, and no more entries than it needs. */
  private List<String> inStretch(Handle handle) {
    String sql =
        "select listed.id\n  from ("
            + scope.along("listed.id, listed.submitted_at, listed.job_name", query.after(), "")
            + " limit :stretch) listed\n where position(:part in listed.job_name) > 0\n"
            + scope.order()
            + " limit :limit\n";
    return scope
        .bindAlong(handle.createQuery(sql), query.after())
        .bind("stretch", stretch)
        .bind("part", part)
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  private Optional<JobQuery.Position> endOfStretch(Handle handle) {
    String sql =
        scope.along("listed.submitted_at, listed.id", query.after(), "")
            + " offset :before limit 1\n";
    return scope
        .bindAlong(handle.createQuery(sql), query.after())
        .bind("before", stretch - 1)
        .map(NameSearch::position)
        .findOne();
  }

  private static final String LAST_FOLDED =
      """
      select last_at as submitted_at, last_id as id
        from ledger.name_page
       where account = :account and region = :region
         and (last_at, last_id) > (:beyondTime, :beyondId)
       order by last_at desc, last_id desc
       limit 1
      """;

  /** Returns where the last page ends; empty if that is not beyond a place. */
  private Optional<JobQuery.Position> lastFolded(Handle handle, JobQuery.Position place) {
    Query last =
        handle
            .createQuery(LAST_FOLDED)
            .bind("account", scope.account().value())
            .bind("region", scope.region());
    return ListScope.bindBeyond(last, place).map(NameSearch::position).findOne();
  }

  private static final String NOT_IN_A_PAGE =
      """
         and (listed.submitted_at, listed.id) > (:foldedTime, :foldedId)
      """;

  /**
   * @param folded in a list from new to old, where it ends; null for its end
   */
  private List<String> inList(
      Handle handle, JobQuery.Position beyond, JobQuery.@Nullable Position folded, int room) {
    String sql =
        scope.along("listed.id", beyond, (folded == null ? "" : NOT_IN_A_PAGE) + HAS_PART)
            + " limit :limit\n";
    Query ids = scope.bindAlong(handle.createQuery(sql), beyond);
    if (folded != null) {
      bindFolded(ids, folded);
    }
    return ids.bind("part", part).bind("limit", room).mapTo(String.class).list();
  }

  private static final String PAGES_ASCENDING =
      """
      select listed.id
        from (select page.after_at, page.after_id, page.last_at, page.last_id
                from ledger.name_page page
               where page.account = :account and page.region = :region
                 and (page.last_at, page.last_id) > (:beyondTime, :beyondId)
                 and (page.last_at, page.last_id) <= (:foldedTime, :foldedId)
                 and position(:part in page.names) > 0
               order by page.last_at, page.last_id) page
      """;

  private static final String PAGES_DESCENDING =
      """
      select listed.id
        from (select page.after_at, page.after_id, page.last_at, page.last_id
                from ledger.name_page page
               where page.account = :account and page.region = :region
                 and (page.after_at, page.after_id) < (:beyondTime, :beyondId)
                 and (page.last_at, page.last_id) <= (:foldedTime, :foldedId)
                 and position(:part in page.names) > 0
               order by page.last_at desc, page.last_id desc) page
      """;

  private static final String AND_OF_ITS_JOBS =
      """
       cross join lateral (
      select listed.submitted_at, listed.id
        from ledger.job listed
      """;

  /** The offset keeps bounds of the list from becoming bounds of this, which has its own. */
  private static final String THOSE_OF_THE_PART =
      """
         and (listed.submitted_at, listed.id) > (page.after_at, page.after_id)
         and (listed.submitted_at, listed.id) <= (page.last_at, page.last_id)
         and position(:part in listed.job_name) > 0
      offset 0) listed
       where true
      """;

  private static final String ORDER_ASCENDING =
      """
       order by page.last_at, page.last_id, listed.submitted_at, listed.id
       limit :limit
      """;

  private static final String ORDER_DESCENDING =
      """
       order by page.last_at desc, page.last_id desc, listed.submitted_at desc, listed.id desc
       limit :limit
      """;

  private List<String> inPages(
      Handle handle, JobQuery.Position reached, JobQuery.Position folded, int room) {
    String sql =
        (query.ascending() ? PAGES_ASCENDING : PAGES_DESCENDING)
            + AND_OF_ITS_JOBS
            + scope.ofOwner()
            + THOSE_OF_THE_PART
            + scope.beyond()
            + scope.ofTimes()
            + (query.ascending() ? ORDER_ASCENDING : ORDER_DESCENDING);
    Query ids = scope.bindTimes(scope.bindOwner(handle.createQuery(sql)));
    return bindFolded(ListScope.bindBeyond(ids, reached), folded)
        .bind("part", part)
        .bind("limit", room)
        .mapTo(String.class)
        .list();
  }

  private static Query bindFolded(Query statement, JobQuery.Position folded) {
    return statement.bind("foldedTime", folded.submitTime()).bind("foldedId", folded.id().value());
  }

  private static JobQuery.Position position(ResultSet row, StatementContext context)
      throws SQLException {
    return new JobQuery.Position(
        row.getObject("submitted_at", OffsetDateTime.class).toInstant(),
        new JobId(row.getString("id")));
  }
}
