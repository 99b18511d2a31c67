package bedload.catalog;

import bedload.catalog.RecordShelf.Refill.Row;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Where records of jobs stand for a while after somebody asked for them in SQL. Of one job there is
 * one stretch of records at a time. Safe for many threads and nodes.
 */
public final class RecordShelf {
  /** What stands longer is more than the disk of a service is for; the oldest goes first. */
  private static final long MOST_BYTES = 1L << 30;

  private static final int ROWS_A_BATCH = 200;

  private final Jdbi jdbi;

  /** Opens the shelf of a database. */
  public RecordShelf(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * A stretch of a job's records that somebody waits for.
   *
   * @param first counted over the job's whole output from 1
   * @param last the last one
   */
  public record Request(String account, String region, String jobId, long first, long last) {}

  private static final String REQUESTS =
      """
      select account, region, job_id, first_record, last_record
        from catalog_store.record_request
      """;

  /** Returns what is waited for at this moment. */
  public List<Request> requests() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(REQUESTS)
                .map(
                    (row, context) ->
                        new Request(
                            row.getString("account"),
                            row.getString("region"),
                            row.getString("job_id"),
                            row.getLong("first_record"),
                            row.getLong("last_record")))
                .list());
  }

  private static final String CLAIM =
      """
      insert into catalog_store.record_load as load
             (job_id, account, state, first_record, last_record, at)
      values (:job, :account, 'Loading', :first, :last, clock_timestamp())
      on conflict (job_id) do update
         set state = 'Loading',
             first_record = excluded.first_record,
             last_record = excluded.last_record,
             trouble = null,
             at = excluded.at
       where case load.state
               when 'Loading' then load.at < clock_timestamp() - interval '3 minutes'
               when 'Loaded' then load.first_record > excluded.first_record
                               or load.last_record < excluded.last_record
               else load.at < clock_timestamp() - interval '5 seconds'
                    or (load.first_record, load.last_record)
                       is distinct from (excluded.first_record, excluded.last_record)
             end
      returning at::text
      """;

  /** Takes a request as this caller's to fill; empty if it is filled, or somebody else fills it. */
  public Optional<Refill> claim(Request request) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createQuery(CLAIM)
                    .bind("job", request.jobId())
                    .bind("account", request.account())
                    .bind("first", request.first())
                    .bind("last", request.last())
                    .mapTo(String.class)
                    .findOne())
        .map(at -> new Refill(jdbi, request, at));
  }

  private static final String SWEEP =
      """
      delete from catalog_store.record_load
       where at < now() - interval '1 hour'
          or job_id in (
               select job_id
                 from (select job_id, sum(size_bytes) over (order by at desc) as kept
                         from catalog_store.record_load) as by_age
                where kept > :most)
      """;

  /** Clears away what nobody asked for within the hour, and the oldest of what is too much. */
  public void sweep() {
    jdbi.useHandle(handle -> handle.createUpdate(SWEEP).bind("most", MOST_BYTES).execute());
  }

  /** The filling of one request. For one thread. */
  public static final class Refill {
    private final Jdbi jdbi;
    private final Request request;
    private final String at;

    private Refill(Jdbi jdbi, Request request, String at) {
      this.jdbi = jdbi;
      this.request = request;
      this.at = at;
    }

    /**
     * A record.
     *
     * @param number counted over the job's whole output from 1
     * @param modelOutput null if it failed
     * @param errorCode null if it did not
     * @param sizeBytes of what was fed and answered, in UTF-8
     */
    public record Row(
        long number,
        String outputUri,
        String recordId,
        String modelInput,
        @Nullable String modelOutput,
        @Nullable Integer errorCode,
        @Nullable String errorMessage,
        long sizeBytes) {}

    /** Hands on rows in their order. */
    @FunctionalInterface
    public interface Source<X extends Exception> {
      /** Gives each row to the shelf. */
      void pour(Shelving shelf) throws X;
    }

    /** Takes row after row. */
    @FunctionalInterface
    public interface Shelving {
      /** Keeps a row. */
      void put(Row row);
    }

    private static final String CLEAR = "delete from catalog_store.record where job_id = :job";

    private static final String DONE =
        """
        update catalog_store.record_load
           set state = 'Loaded',
               size_bytes = :bytes,
               at = clock_timestamp()
         where job_id = :job
           and state = 'Loading'
           and at = cast(:at as timestamptz)
        """;

    /**
     * Puts all rows there at once, or none.
     *
     * @return false if somebody else has taken the request over meanwhile: nothing was put
     */
    public <X extends Exception> boolean fill(Source<X> source) throws X {
      return jdbi.inTransaction(
          handle -> {
            handle.createUpdate(CLEAR).bind("job", request.jobId()).execute();
            Batches batches = new Batches(handle, request.jobId());
            source.pour(batches);
            batches.flush();
            int done =
                handle
                    .createUpdate(DONE)
                    .bind("bytes", batches.bytes)
                    .bind("job", request.jobId())
                    .bind("at", at)
                    .execute();
            if (done == 0) {
              handle.rollback();
            }
            return done > 0;
          });
    }

    private static final String REFUSE =
        """
        update catalog_store.record_load
           set state = 'Refused',
               size_bytes = 0,
               trouble = :trouble,
               at = clock_timestamp()
         where job_id = :job
           and state = 'Loading'
           and at = cast(:at as timestamptz)
        """;

    /** Tells those who wait why they wait in vain. */
    public void refuse(String trouble) {
      jdbi.useTransaction(
          handle -> {
            handle.createUpdate(CLEAR).bind("job", request.jobId()).execute();
            handle
                .createUpdate(REFUSE)
                .bind("trouble", trouble)
                .bind("job", request.jobId())
                .bind("at", at)
                .execute();
          });
    }
  }

  /** Rows on their way, some hundred at a time. */
  private static final class Batches implements Refill.Shelving {
    private static final String INSERT =
        """
        insert into catalog_store.record
               (job_id, number, output_uri, record_id, model_input, model_output, error_code, error_message)
        values (:job, :number, :uri, :record, cast(:input as jsonb), cast(:output as jsonb), :code, :message)
        """;

    private static final long BYTES_A_BATCH = 4L << 20;

    private final PreparedBatch batch;
    private final String jobId;
    private long bytes;
    private long flushedBytes;

    Batches(Handle handle, String jobId) {
      this.batch = handle.prepareBatch(INSERT);
      this.jobId = jobId;
    }

    @Override
    public void put(Row row) {
      batch
          .bind("job", jobId)
          .bind("number", row.number())
          .bind("uri", row.outputUri())
          .bind("record", StoredValue.text(row.recordId()))
          .bind("input", StorableJson.of(row.modelInput()))
          .bind("output", row.modelOutput() == null ? null : StorableJson.of(row.modelOutput()))
          .bind("code", row.errorCode())
          .bind("message", row.errorMessage() == null ? null : StoredValue.text(row.errorMessage()))
          .add();
      bytes += row.sizeBytes();
      if (batch.size() >= ROWS_A_BATCH || bytes - flushedBytes > BYTES_A_BATCH) {
        flush();
      }
    }

    void flush() {
      if (batch.size() > 0) {
        batch.execute();
      }
      flushedBytes = bytes;
    }
  }
}
