package bedload.ledger;

import bedload.job.InputObject;
import bedload.job.JobId;
import bedload.job.S3Uri;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The input objects of jobs, as validation found them. Thread-safe. */
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
                .map(
                    (row, context) ->
                        new InputObject(
                            row.getInt("number"),
                            S3Uri.parse(row.getString("uri")),
                            row.getString("relative_name"),
                            row.getLong("size_bytes"),
                            row.getString("etag"),
                            row.getLong("records")))
                .list());
  }
}
