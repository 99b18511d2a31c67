package bedload.object.awssdk;

import bedload.job.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** The buckets of all accounts, in table {@code object.bucket}. */
final class BucketRows {
  private final Jdbi jdbi;

  BucketRows(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** A bucket and when it was made. */
  record BucketRow(String name, Instant createdAt) {}

  /** What became of the wish to delete a bucket. */
  sealed interface Deletion {
    /** It is gone, and these files of its unfinished uploads have no row any more. */
    record Done(List<UUID> files) implements Deletion {}

    /** Objects are in it; nothing was changed. */
    record NotEmpty() implements Deletion {}
  }

  private static final String OWNER =
      """
      select account_id
        from object.bucket
       where name = :name
      """;

  /** Returns the account that has the bucket; empty if there is no such bucket. */
  Optional<AccountId> owner(String name) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(OWNER)
                .bind("name", name)
                .map((row, context) -> new AccountId(row.getString("account_id")))
                .findOne());
  }

  private static final String OF_ACCOUNT =
      """
      select name, created_at
        from object.bucket
       where account_id = :account
       order by name
      """;

  /** Returns the account's buckets in the order of their names. */
  List<BucketRow> of(AccountId account) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(OF_ACCOUNT)
                .bind("account", account.value())
                .map(
                    (row, context) ->
                        new BucketRow(
                            row.getString("name"), row.getTimestamp("created_at").toInstant()))
                .list());
  }

  private static final String CREATE =
      """
      insert into object.bucket (name, account_id)
      values (:name, :account)
          on conflict (name) do nothing
      """;

  /** Makes the bucket; false if the name is taken, by whomever. */
  boolean create(String name, AccountId account) {
    return jdbi.withHandle(
        handle ->
            handle
                    .createUpdate(CREATE)
                    .bind("name", name)
                    .bind("account", account.value())
                    .execute()
                == 1);
  }

  private static final String DELETE_FILES =
      """
      delete from object.file f
       using object.upload u
       where u.bucket = :name
         and f.content = u.id
      returning f.id
      """;

  private static final String DELETE_UPLOADS =
      """
      delete from object.upload
       where bucket = :name
      """;

  private static final String DELETE =
      """
      delete from object.bucket
       where name = :name
      """;

  /** Deletes the bucket with its unfinished uploads, unless an object is in it. */
  Deletion delete(String name) {
    try {
      return new Deletion.Done(jdbi.inTransaction(handle -> delete(handle, name)));
    } catch (UnableToExecuteStatementException e) {
      if (SqlStates.isForeignKeyViolation(e)) {
        return new Deletion.NotEmpty();
      }
      throw e;
    }
  }

  private static List<UUID> delete(Handle handle, String name) {
    List<UUID> files = handle.createQuery(DELETE_FILES).bind("name", name).mapTo(UUID.class).list();
    handle.createUpdate(DELETE_UPLOADS).bind("name", name).execute();
    handle.createUpdate(DELETE).bind("name", name).execute();
    return files;
  }
}
