package bedload.ledger;

import bedload.job.AccountId;
import bedload.job.JobId;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * How names of jobs come into the pages in which {@link NameSearch} looks. A page holds the names
 * of all jobs between two places of the list, whenever these came.
 */
final class NamePages {
  private NamePages() {}

  private static final String FOLD =
      """
      select ledger.fold_names(:account, :region)
      """;

  /** Makes pages of all names that have none yet, but for the newest thousand. */
  static void fold(Handle handle, AccountId account, String region) {
    handle
        .createQuery(FOLD)
        .bind("account", account.value())
        .bind("region", region)
        .mapToMap()
        .list();
  }

  private static final String ENTER =
      """
      update ledger.name_page
         set names = names || E'\\n' || :name
       where account = :account and region = :region
         and (after_at, after_id) < (:at, :id)
         and (last_at, last_id) >= (:at, :id)
      """;

  /**
   * Adds the name of a new job to the page of its time, if there is one already: whoever submitted
   * it may have been held up between taking the time and writing it down.
   *
   * @param handle in the transaction that made the job
   */
  static void enter(
      Handle handle, AccountId account, String region, String name, Instant at, JobId id) {
    handle
        .createUpdate(ENTER)
        .bind("account", account.value())
        .bind("region", region)
        .bind("name", name)
        .bind("at", at)
        .bind("id", id.value())
        .execute();
  }
}
