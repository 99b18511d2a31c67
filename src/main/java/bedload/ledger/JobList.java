package bedload.ledger;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobStatus;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * The statement of a list of jobs: first the ids of the page, from indexes alone, then the jobs and
 * the counts of their shards. Only the filters that narrow stand in it, for one that might not
 * would keep the planner from an index.
 */
record JobList(AccountId account, String region, JobQuery query, int limit) {
  /**
   * Shorter parts of a name have no trigram; {@code like} would ask the index for all there are.
   */
  private static final int SHORTEST_IN_INDEX = 3;

  private static final String PLAN_ANEW =
      """
      set local plan_cache_mode = force_custom_plan
      """;

  private static final String PAGE =
      """
       where job.id = any(array(
             select listed.id
               from ledger.job listed
              where listed.account = :account and listed.region = :region
      """;

  private static final String OF_STATUS =
      """
                and listed.status = :status
      """;

  private static final String NAME_HAS_PART =
      """
                and listed.job_name like :name
      """;

  private static final String NAME_HAS_SHORT_PART =
      """
                and position(:name in listed.job_name) > 0
      """;

  private static final String FROM =
      """
                and listed.submitted_at >= :from
      """;

  private static final String TO =
      """
                and listed.submitted_at <= :to
      """;

  private static final String AFTER_ASCENDING =
      """
                and (listed.submitted_at, listed.id) > (:afterTime, :afterId)
      """;

  private static final String AFTER_DESCENDING =
      """
                and (listed.submitted_at, listed.id) < (:afterTime, :afterId)
      """;

  private static final String ASCENDING =
      """
              order by listed.submitted_at, listed.id
              limit :limit))
       order by job.submitted_at, job.id
      """;

  private static final String DESCENDING =
      """
              order by listed.submitted_at desc, listed.id desc
              limit :limit))
       order by job.submitted_at desc, job.id desc
      """;

  /**
   * Returns the jobs of the list, in its order.
   *
   * <p>The server plans with the values at hand each time: which index is best for a name depends
   * on how rare it is. Left alone, it turns to one plan for all values after a while.
   *
   * @param handle in a transaction
   */
  List<Job> read(Handle handle) {
    handle.execute(PLAN_ANEW);
    return bind(handle.createQuery(sql())).map(JobRows::map).list();
  }

  /** Returns the statement's text; the values are named in it. */
  String sql() {
    StringBuilder sql = new StringBuilder(JobRows.SELECT).append(PAGE);
    if (query.status() != null) {
      sql.append(OF_STATUS);
    }
    String name = query.nameContains();
    if (name != null) {
      sql.append(isShort(name) ? NAME_HAS_SHORT_PART : NAME_HAS_PART);
    }
    if (query.submittedAfter() != null) {
      sql.append(FROM);
    }
    if (query.submittedBefore() != null) {
      sql.append(TO);
    }
    if (query.after() != null) {
      sql.append(query.ascending() ? AFTER_ASCENDING : AFTER_DESCENDING);
    }
    return sql.append(query.ascending() ? ASCENDING : DESCENDING).toString();
  }

  /** Gives a statement of this text its values. */
  <S extends SqlStatement<S>> S bind(S statement) {
    JobStatus status = query.status();
    JobQuery.Position after = query.after();
    statement.bind("account", account.value()).bind("region", region).bind("limit", limit);
    if (status != null) {
      statement.bind("status", status.wireName());
    }
    if (query.nameContains() != null) {
      statement.bind("name", pattern(query.nameContains()));
    }
    if (query.submittedAfter() != null) {
      statement.bind("from", query.submittedAfter());
    }
    if (query.submittedBefore() != null) {
      statement.bind("to", query.submittedBefore());
    }
    if (after != null) {
      statement.bind("afterTime", after.submitTime()).bind("afterId", after.id().value());
    }
    return statement;
  }

  private static boolean isShort(String name) {
    return name.length() < SHORTEST_IN_INDEX;
  }

  /** A name is text, not a pattern. */
  private static String pattern(String name) {
    return isShort(name) ? name : "%" + name.replaceAll("[\\\\%_]", "\\\\$0") + "%";
  }
}
