package bedload.ledger;

import bedload.job.JobId;
import bedload.job.Shard;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * The book of records that failed. How many there are of each code is exact; the records themselves
 * are kept up to a limit for each code, so that a flood of one does not hide the others. Kept as
 * long as the job is. Thread-safe.
 */
public final class RecordErrors {
  /** How many records of one code are kept of a job. */
  public static final int MOST_OF_A_CODE = 2_000;

  private final Jdbi jdbi;

  /** Opens the book of a database. */
  public RecordErrors(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * A record that failed.
   *
   * @param uri the input object
   * @param line which of the object's records it is, from 1
   * @param calls null if nobody knows any more
   * @param at when the failure was recorded
   */
  public record FailedRecord(
      String recordId,
      String uri,
      long line,
      int code,
      String message,
      @Nullable Integer calls,
      Instant at) {}

  private static final String ADD_TO_COUNT =
      """
      insert into ledger.record_error_count as kept (job_id, code, records)
      values (:job, :code, :records)
          on conflict (job_id, code) do update
         set records = kept.records + excluded.records
      returning records
      """;

  private static final String KEEP =
      """
      insert into ledger.record_error (job_id, input, line, record_id, code, message, calls, at)
      values (:job, :input, :line, :record, :code, :message, :calls, :at)
          on conflict do nothing
      """;

  /**
   * Adds the failures of a segment, as part of the transaction that records it: neither counts
   * without the other.
   */
  static void add(Handle handle, Shard shard, List<RecordFailure> failures, Instant now) {
    // In the order of the codes: two shards of a job that lock the same counts cannot wait for each
    // other.
    SortedMap<Integer, List<RecordFailure>> byCode =
        failures.stream()
            .collect(Collectors.groupingBy(RecordFailure::code, TreeMap::new, Collectors.toList()));
    byCode.forEach((code, failed) -> add(handle, shard, code, failed, now));
  }

  private static void add(
      Handle handle, Shard shard, int code, List<RecordFailure> failed, Instant now) {
    long count =
        handle
            .createQuery(ADD_TO_COUNT)
            .bind("job", shard.job().value())
            .bind("code", code)
            .bind("records", failed.size())
            .mapTo(Long.class)
            .one();
    long room = Math.max(0, MOST_OF_A_CODE - (count - failed.size()));
    PreparedBatch batch = handle.prepareBatch(KEEP);
    for (RecordFailure failure : failed.subList(0, (int) Math.min(room, failed.size()))) {
      batch
          .bind("job", shard.job().value())
          .bind("input", shard.input())
          .bind("line", shard.firstOrdinal() + failure.ordinal() + 1)
          .bind("record", Inputs.withoutNul(failure.recordId()))
          .bind("code", code)
          .bind("message", Inputs.withoutNul(failure.message()))
          .bind("calls", failure.calls() == 0 ? null : failure.calls())
          .bind("at", now)
          .add();
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  private static final String BY_CODE =
      """
      select code, records
        from ledger.record_error_count
       where job_id = :job
       order by code
      """;

  /**
   * Returns how many records of a job have failed so far, by code; whether the job is the caller's
   * is not asked here.
   */
  public SortedMap<Integer, Long> byCode(JobId job) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(BY_CODE)
                .bind("job", job.value())
                .map((row, context) -> Map.entry(row.getInt("code"), row.getLong("records")))
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, Math::addExact, TreeMap::new)));
  }

  private static final String FIRST =
      """
      select error.record_id, input.uri, error.line, error.code, error.message, error.calls,
             error.at
        from ledger.record_error as error
        join ledger.input on input.job_id = error.job_id and input.number = error.input
       where error.job_id = :job
      """;

  private static final String OF_CODE =
      """
         and error.code = :code
      """;

  private static final String IN_INPUT_ORDER =
      """
       order by error.input, error.line
       limit :limit
      """;

  /**
   * Returns the first of the records kept, in input order; whether the job is the caller's is not
   * asked here.
   *
   * @param code only of this one, if there is one
   */
  public List<FailedRecord> first(JobId job, OptionalInt code, int limit) {
    List<String> parts = new ArrayList<>(List.of(FIRST));
    code.ifPresent(_ -> parts.add(OF_CODE));
    parts.add(IN_INPUT_ORDER);
    return jdbi.withHandle(
        handle -> {
          var query =
              handle
                  .createQuery(String.join("", parts))
                  .bind("job", job.value())
                  .bind("limit", limit);
          code.ifPresent(wanted -> query.bind("code", wanted));
          return query.map(RecordErrors::record).list();
        });
  }

  private static FailedRecord record(ResultSet row, StatementContext context) throws SQLException {
    return new FailedRecord(
        row.getString("record_id"),
        row.getString("uri"),
        row.getLong("line"),
        row.getInt("code"),
        row.getString("message"),
        (Integer) row.getObject("calls"),
        JobRows.instant(row, "at"));
  }
}
