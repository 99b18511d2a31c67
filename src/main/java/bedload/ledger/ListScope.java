package bedload.ledger;

import bedload.job.AccountId;
import bedload.job.JobStatus;
import java.time.Instant;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that a list may show, but for their names and where its page begins, as conditions on
 * {@code listed}. Only those that narrow stand in it: one that might not would keep the planner
 * from an index.
 */
record ListScope(AccountId account, String region, JobQuery query) {
  private static final String OWNER =
      """
       where listed.account = :account and listed.region = :region
      """;

  private static final String OF_STATUS =
      """
         and listed.status = :status
      """;

  private static final String FROM =
      """
         and listed.submitted_at >= :from
      """;

  private static final String TO =
      """
         and listed.submitted_at <= :to
      """;

  private static final String ASCENDING =
      """
       order by listed.submitted_at, listed.id
      """;

  private static final String DESCENDING =
      """
       order by listed.submitted_at desc, listed.id desc
      """;

  private static final String BEYOND_ASCENDING =
      """
         and (listed.submitted_at, listed.id) > (:beyondTime, :beyondId)
      """;

  private static final String BEYOND_DESCENDING =
      """
         and (listed.submitted_at, listed.id) < (:beyondTime, :beyondId)
      """;

  /** Returns the conditions that need no index of times: whose jobs, and of which status. */
  String ofOwner() {
    return query.status() == null ? OWNER : OWNER + OF_STATUS;
  }

  /** Returns the conditions on times, each beginning with {@code and}; empty if there are none. */
  String ofTimes() {
    return (query.submittedAfter() == null ? "" : FROM)
        + (query.submittedBefore() == null ? "" : TO);
  }

  /**
   * Returns the condition that a job comes after a place of the list, which {@link #bindBeyond}
   * names.
   */
  String beyond() {
    return query.ascending() ? BEYOND_ASCENDING : BEYOND_DESCENDING;
  }

  /**
   * Returns a statement of the jobs after a place, in the list's order.
   *
   * <p>A time that the place is beyond anyway is left out: of two bounds on one side PostgreSQL
   * begins at either, and would read all that lies between them.
   *
   * @param place null for the beginning
   */
  String along(String columns, JobQuery.@Nullable Position place, String more) {
    StringBuilder sql = new StringBuilder("select ").append(columns);
    sql.append(" from ledger.job listed\n").append(ofOwner());
    if (place != null) {
      sql.append(beyond());
    }
    if (isFromNeeded(place)) {
      sql.append(FROM);
    }
    if (isToNeeded(place)) {
      sql.append(TO);
    }
    return sql.append(more).append(order()).toString();
  }

  /** Gives a statement of {@link #along} its values. */
  <S extends SqlStatement<S>> S bindAlong(S statement, JobQuery.@Nullable Position place) {
    bindOwner(statement);
    if (place != null) {
      bindBeyond(statement, place);
    }
    if (isFromNeeded(place)) {
      statement.bind("from", query.submittedAfter());
    }
    if (isToNeeded(place)) {
      statement.bind("to", query.submittedBefore());
    }
    return statement;
  }

  private boolean isFromNeeded(JobQuery.@Nullable Position place) {
    Instant from = query.submittedAfter();
    return from != null
        && (!query.ascending() || place == null || place.submitTime().isBefore(from));
  }

  private boolean isToNeeded(JobQuery.@Nullable Position place) {
    Instant to = query.submittedBefore();
    return to != null && (query.ascending() || place == null || place.submitTime().isAfter(to));
  }

  /** Returns the list's order. */
  String order() {
    return query.ascending() ? ASCENDING : DESCENDING;
  }

  /** Gives a statement with {@link #ofOwner} its values. */
  <S extends SqlStatement<S>> S bindOwner(S statement) {
    JobStatus status = query.status();
    statement.bind("account", account.value()).bind("region", region);
    return status == null ? statement : statement.bind("status", status.wireName());
  }

  /** Gives a statement with {@link #ofTimes} its values. */
  <S extends SqlStatement<S>> S bindTimes(S statement) {
    if (query.submittedAfter() != null) {
      statement.bind("from", query.submittedAfter());
    }
    if (query.submittedBefore() != null) {
      statement.bind("to", query.submittedBefore());
    }
    return statement;
  }

  /** Gives a statement the place after which its jobs come. */
  static <S extends SqlStatement<S>> S bindBeyond(S statement, JobQuery.Position place) {
    return statement.bind("beyondTime", place.submitTime()).bind("beyondId", place.id().value());
  }
}
