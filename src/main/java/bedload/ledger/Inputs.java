package bedload.ledger;

import bedload.job.InputObject;
import bedload.job.JobId;
import bedload.job.S3Uri;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The input objects of jobs and their bad lines, as validation found them. Thread-safe. */
public final class Inputs {
  private final Jdbi jdbi;

  public Inputs(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  private static final String OF =
      """
      select number, uri, relative_name, size_bytes, etag, records
        from ledger.input
       where job_id = :job
       order by number
      """;

  /** Returns a job's inputs in their order; none before it was validated. */
  public List<InputObject> of(JobId job) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(OF)
                .bind("job", job.value())
                .map((row, context) -> input(row))
                .list());
  }

  private static InputObject input(ResultSet row) throws SQLException {
    return new InputObject(
        row.getInt("number"),
        S3Uri.parse(row.getString("uri")),
        row.getString("relative_name"),
        row.getLong("size_bytes"),
        row.getString("etag"),
        row.getLong("records"));
  }

  private static final String ONE =
      """
      select number, uri, relative_name, size_bytes, etag, records
        from ledger.input
       where job_id = :job and number = :number
      """;

  /**
   * Returns one of a job's inputs.
   *
   * @throws IllegalStateException if the job has none of that number
   */
  public InputObject of(JobId job, int number) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(ONE)
                .bind("job", job.value())
                .bind("number", number)
                .map((row, context) -> input(row))
                .one());
  }

  private static final String FAULTS =
      """
      select uri, line, column_byte, rule, found
        from ledger.input_fault
       where job_id = :job
       order by number
      """;

  /** Returns the lines for which a job was refused, a thousand at most. */
  public List<InputFault> faults(JobId job) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(FAULTS)
                .bind("job", job.value())
                .map(
                    (row, context) ->
                        new InputFault(
                            S3Uri.parse(row.getString("uri")),
                            row.getLong("line"),
                            row.getLong("column_byte"),
                            row.getString("rule"),
                            row.getString("found")))
                .list());
  }

  private static final String INSERT_FAULT =
      """
      insert into ledger.input_fault (job_id, number, uri, line, column_byte, rule, found)
      values (:job, :number, :uri, :line, :column, :rule, :found)
      """;

  static void insertFaults(Handle handle, JobId job, List<InputFault> faults) {
    PreparedBatch batch = handle.prepareBatch(INSERT_FAULT);
    for (InputFault fault : faults) {
      batch
          .bind("job", job.value())
          .bind("number", batch.size())
          .bind("uri", fault.object().toString())
          .bind("line", fault.line())
          .bind("column", fault.column())
          .bind("rule", withoutNul(fault.rule()))
          .bind("found", withoutNul(fault.found()))
          .add();
    }
    batch.execute();
  }

  /** PostgreSQL's text holds every character but this one, which a broken line may well have. */
  static String withoutNul(String text) {
    return text.replace('\0', '\ufffd');
  }
}
