package bedload.ledger;

import bedload.job.AccountId;
import bedload.job.Job;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * A page of a list of jobs: first the ids, from indexes alone, then the jobs and the counts of
 * their shards.
 */
final class JobList {
  private final ListScope scope;
  private final JobQuery query;
  private final int limit;

  /**
   * Makes a page.
   *
   * @param limit how many jobs it has at most
   */
  JobList(AccountId account, String region, JobQuery query, int limit) {
    this.scope = new ListScope(account, region, query);
    this.query = query;
    this.limit = limit;
  }

  private static final String PLAN_ANEW =
      """
      set local plan_cache_mode = force_custom_plan
      """;

  private static final String IN_THE_ORDER_OF_AN_INDEX =
      """
      set local enable_seqscan = off
      """;

  /**
   * Returns the jobs of the page, in the list's order.
   *
   * <p>The server plans with the values at hand each time: which index is best depends on how rare
   * a status is, and on where the page begins. Left alone, it turns to one plan for all values
   * after a while. And it would rather read a whole table and sort it than trust that a page is
   * full soon.
   *
   * @param handle in a transaction
   */
  List<Job> read(Handle handle) {
    handle.execute(PLAN_ANEW);
    handle.execute(IN_THE_ORDER_OF_AN_INDEX);
    String name = query.nameContains();
    List<String> ids = name == null ? walk(handle) : new NameSearch(scope, name, limit).ids(handle);
    return ids.isEmpty() ? List.of() : jobs(handle, ids);
  }

  private List<String> walk(Handle handle) {
    JobQuery.Position after = query.after();
    String sql = scope.along("listed.id", after, "") + " limit :limit\n";
    return scope
        .bindAlong(handle.createQuery(sql), after)
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  private static final String OF_IDS =
      JobRows.SELECT
          + """
           where job.id = any(:ids)
          """;

  private static final String ASCENDING =
      """
       order by job.submitted_at, job.id
      """;

  private static final String DESCENDING =
      """
       order by job.submitted_at desc, job.id desc
      """;

  private List<Job> jobs(Handle handle, List<String> ids) {
    return handle
        .createQuery(OF_IDS + (query.ascending() ? ASCENDING : DESCENDING))
        .bind("ids", ids.toArray(String[]::new))
        .map(JobRows::map)
        .list();
  }
}
