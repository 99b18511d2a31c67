package bedload.object.awssdk;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The objects, in tables {@code object.object} and {@code object.file}. A method with a handle is
 * part of the caller's transaction.
 */
final class ObjectRows {
  private final Jdbi jdbi;

  ObjectRows(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** An object as a listing shows it. */
  record Listed(String key, long sizeBytes, String etag, Instant modifiedAt) {}

  /** What no row names any more and may leave the disk once the transaction is committed. */
  record Gone(UUID content, List<UUID> files) {}

  private static final String FIND =
      """
      select content, size_bytes, etag, modified_at, headers, metadata
        from object.object
       where bucket = :bucket
         and key = :key
      """;

  /** Returns the object; empty if there is none. */
  Optional<ObjectRow> find(String bucket, String key) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(FIND)
                .bind("bucket", bucket)
                .bind("key", key)
                .map((row, context) -> objectRow(row))
                .findOne());
  }

  private static ObjectRow objectRow(ResultSet row) throws SQLException {
    return new ObjectRow(
        row.getObject("content", UUID.class),
        row.getLong("size_bytes"),
        row.getString("etag"),
        row.getTimestamp("modified_at").toInstant(),
        HeadersJson.read(row.getString("headers"), row.getString("metadata")));
  }

  private static final String SLICES =
      """
      with placed as (
        select id, number, size_bytes, sum(size_bytes) over (order by number) - size_bytes as first_byte
          from object.file
         where content = :content
      )
      select id,
             greatest(:first - first_byte, 0) as slice_first,
             least(:end - first_byte, size_bytes) - greatest(:first - first_byte, 0) as slice_size
        from placed
       where first_byte < :end
         and first_byte + size_bytes > :first
       order by number
      """;

  /** Returns where the bytes from the first up to, without it, the end are. */
  List<Slice> slices(UUID content, long firstByte, long endByte) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SLICES)
                .bind("content", content)
                .bind("first", firstByte)
                .bind("end", endByte)
                .map(
                    (row, context) ->
                        new Slice(
                            row.getObject("id", UUID.class),
                            row.getLong("slice_first"),
                            row.getLong("slice_size")))
                .list());
  }

  private static final String FILES =
      """
      select id, size_bytes, etag
        from object.file
       where content = :content
       order by number
      """;

  /** Returns the files of the content in the order of their bytes. */
  List<BlobFile> files(UUID content) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(FILES)
                .bind("content", content)
                .map(
                    (row, context) ->
                        new BlobFile(
                            row.getObject("id", UUID.class),
                            row.getLong("size_bytes"),
                            row.getString("etag")))
                .list());
  }

  private static final String LIST =
      """
      select key, size_bytes, etag, modified_at
        from object.object
       where bucket = :bucket
         and key >= :from
         and key > :after
         and (cast(:end as text) is null or key < :end)
       order by key
       limit :limit
      """;

  /**
   * Returns the next objects in the order of their keys.
   *
   * @param from the least key to list
   * @param after list only what is greater
   * @param end list only what is less; null for no bound
   */
  List<Listed> list(String bucket, String from, String after, @Nullable String end, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(LIST)
                .bind("bucket", bucket)
                .bind("from", from)
                .bind("after", after)
                .bind("end", end)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new Listed(
                            row.getString("key"),
                            row.getLong("size_bytes"),
                            row.getString("etag"),
                            row.getTimestamp("modified_at").toInstant()))
                .list());
  }

  private static final String INSERT =
      """
      insert into object.object (bucket, key, content, size_bytes, etag, headers, metadata)
      values (:bucket, :key, :content, :size, :etag, cast(:headers as jsonb), cast(:metadata as jsonb))
          on conflict (bucket, key) do nothing
      """;

  private static final String LOCK =
      """
      select content, size_bytes, etag, modified_at, headers, metadata
        from object.object
       where bucket = :bucket
         and key = :key
         for update
      """;

  private static final String UPDATE =
      """
      update object.object
         set content = :content,
             size_bytes = :size,
             etag = :etag,
             headers = cast(:headers as jsonb),
             metadata = cast(:metadata as jsonb),
             modified_at = now()
       where bucket = :bucket
         and key = :key
      """;

  /**
   * Puts the object in the place of whatever has the key.
   *
   * @return what had the key until now
   * @throws software.amazon.awssdk.services.s3.model.S3Exception if the condition does not hold
   */
  Optional<Gone> replace(Handle handle, NewObject object, WriteCondition condition) {
    if (condition.allowsNone() && write(handle, INSERT, object)) {
      return Optional.empty();
    }
    while (true) {
      Optional<ObjectRow> current = lock(handle, object.bucket(), object.key());
      condition.check(object.bucket(), object.key(), current);
      if (current.isPresent()) {
        write(handle, UPDATE, object);
        return Optional.of(deleteFiles(handle, current.get().content()));
      }
      if (write(handle, INSERT, object)) {
        return Optional.empty();
      }
      // Somebody made the object between the look and the insert: look again.
    }
  }

  private static boolean write(Handle handle, String sql, NewObject object) {
    return handle
            .createUpdate(sql)
            .bind("bucket", object.bucket())
            .bind("key", object.key())
            .bind("content", object.content())
            .bind("size", object.sizeBytes())
            .bind("etag", object.etag())
            .bind("headers", HeadersJson.write(object.headers().system()))
            .bind("metadata", HeadersJson.write(object.headers().user()))
            .execute()
        == 1;
  }

  private static Optional<ObjectRow> lock(Handle handle, String bucket, String key) {
    return handle
        .createQuery(LOCK)
        .bind("bucket", bucket)
        .bind("key", key)
        .map((row, context) -> objectRow(row))
        .findOne();
  }

  private static final String DELETE =
      """
      delete from object.object
       where bucket = :bucket
         and key = :key
      """;

  /**
   * Deletes the object if there is one.
   *
   * @throws software.amazon.awssdk.services.s3.model.S3Exception if the condition does not hold
   */
  Optional<Gone> delete(String bucket, String key, WriteCondition condition) {
    return jdbi.inTransaction(
        handle -> {
          Optional<ObjectRow> current = lock(handle, bucket, key);
          condition.check(bucket, key, current);
          if (current.isEmpty()) {
            return Optional.<Gone>empty();
          }
          handle.createUpdate(DELETE).bind("bucket", bucket).bind("key", key).execute();
          return Optional.of(deleteFiles(handle, current.get().content()));
        });
  }

  private static final String DELETE_ALL =
      """
      delete from object.object
       where bucket = :bucket
         and key = any(:keys)
      returning content
      """;

  /** Deletes those of the objects that exist, all of them or, if the database fails, none. */
  List<Gone> deleteAll(String bucket, Collection<String> keys) {
    return jdbi.inTransaction(
        handle ->
            handle
                .createQuery(DELETE_ALL)
                .bind("bucket", bucket)
                .bindArray("keys", String.class, List.copyOf(keys))
                .mapTo(UUID.class)
                .list()
                .stream()
                .map(content -> deleteFiles(handle, content))
                .toList());
  }

  private static final String DELETE_FILES =
      """
      delete from object.file
       where content = :content
      returning id
      """;

  private static Gone deleteFiles(Handle handle, UUID content) {
    return new Gone(
        content,
        handle.createQuery(DELETE_FILES).bind("content", content).mapTo(UUID.class).list());
  }

  private static final String ADD_FILE =
      """
      insert into object.file (content, number, id, size_bytes, etag)
      values (:content, :number, :id, :size, :etag)
          on conflict (content, number) do update
         set id = excluded.id,
             size_bytes = excluded.size_bytes,
             etag = excluded.etag,
             written_at = now()
      """;

  /** Makes the file part of a content, in the place of the one that has the number. */
  static void addFile(Handle handle, UUID content, int number, BlobFile file) {
    handle
        .createUpdate(ADD_FILE)
        .bind("content", content)
        .bind("number", number)
        .bind("id", file.id())
        .bind("size", file.sizeBytes())
        .bind("etag", file.etag())
        .execute();
  }

  private static final String NAMED =
      """
      select id
        from object.file
       where id = any(:files)
      """;

  /** Returns those of the files that have a row. */
  Set<UUID> named(Set<UUID> files) {
    return Set.copyOf(
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(NAMED)
                    .bindArray("files", UUID.class, List.copyOf(files))
                    .mapTo(UUID.class)
                    .list()));
  }
}
