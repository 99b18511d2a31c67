package bedload.object.awssdk;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The multipart uploads under way, in tables {@code object.upload} and {@code object.file}. */
final class UploadRows {
  private final Jdbi jdbi;

  UploadRows(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** An upload under way. */
  record UploadRow(UUID id, String bucket, String key, Instant startedAt, ContentHeaders headers) {}

  /** A part that has arrived. */
  record PartRow(int number, BlobFile file, Instant writtenAt) {}

  private static final String START =
      """
      insert into object.upload (id, bucket, key, headers, metadata)
      values (:id, :bucket, :key, cast(:headers as jsonb), cast(:metadata as jsonb))
      """;

  /** Begins an upload and returns its id. */
  UUID start(String bucket, String key, ContentHeaders headers) {
    UUID id = UUID.randomUUID();
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(START)
                .bind("id", id)
                .bind("bucket", bucket)
                .bind("key", key)
                .bind("headers", HeadersJson.write(headers.system()))
                .bind("metadata", HeadersJson.write(headers.user()))
                .execute());
    return id;
  }

  private static final String OF_BUCKET =
      """
      select id, bucket, key, started_at, headers, metadata
        from object.upload
       where bucket = :bucket
       order by key, started_at
      """;

  /** Returns the uploads under way in the bucket. */
  List<UploadRow> of(String bucket) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(OF_BUCKET)
                .bind("bucket", bucket)
                .map((row, context) -> uploadRow(row))
                .list());
  }

  private static UploadRow uploadRow(ResultSet row) throws SQLException {
    return new UploadRow(
        row.getObject("id", UUID.class),
        row.getString("bucket"),
        row.getString("key"),
        row.getTimestamp("started_at").toInstant(),
        HeadersJson.read(row.getString("headers"), row.getString("metadata")));
  }

  private static final String SHARE =
      """
      select id
        from object.upload
       where id = :id
         and bucket = :bucket
         and key = :key
         for key share
      """;

  private static final String PART_FILE =
      """
      select id
        from object.file
       where content = :upload
         and number = :number
      """;

  /** What became of a part. */
  sealed interface Added {
    /** It belongs to the upload; this file, if any, had its number before. */
    record Done(Optional<UUID> replaced) implements Added {}

    /** There is no such upload: it was never begun, or is completed, or aborted. */
    record NoUpload() implements Added {}
  }

  /** Tells whether the upload is under way. */
  boolean exists(UUID upload, String bucket, String key) {
    return jdbi.withHandle(handle -> share(handle, upload, bucket, key));
  }

  private static boolean share(Handle handle, UUID upload, String bucket, String key) {
    return handle
        .createQuery(SHARE)
        .bind("id", upload)
        .bind("bucket", bucket)
        .bind("key", key)
        .mapTo(UUID.class)
        .findOne()
        .isPresent();
  }

  /** Makes a file on disk a part of the upload, within the caller's transaction. */
  static Added add(
      Handle handle, UUID upload, String bucket, String key, int number, BlobFile file) {
    if (!share(handle, upload, bucket, key)) {
      return new Added.NoUpload();
    }
    Optional<UUID> replaced =
        handle
            .createQuery(PART_FILE)
            .bind("upload", upload)
            .bind("number", number)
            .mapTo(UUID.class)
            .findOne();
    // If one part is sent twice at once, the loser's file stays behind for the sweep.
    ObjectRows.addFile(handle, upload, number, file);
    return new Added.Done(replaced);
  }

  private static final String PARTS =
      """
      select f.number, f.id, f.size_bytes, f.etag, f.written_at
        from object.upload u
        join object.file f on f.content = u.id
       where u.id = :upload
         and u.bucket = :bucket
         and u.key = :key
       order by f.number
      """;

  /** Returns the parts that have arrived, in order; none if there is no such upload. */
  List<PartRow> parts(UUID upload, String bucket, String key) {
    return jdbi.withHandle(handle -> parts(handle, upload, bucket, key));
  }

  private static List<PartRow> parts(Handle handle, UUID upload, String bucket, String key) {
    return handle
        .createQuery(PARTS)
        .bind("upload", upload)
        .bind("bucket", bucket)
        .bind("key", key)
        .map(
            (row, context) ->
                new PartRow(
                    row.getInt("number"),
                    new BlobFile(
                        row.getObject("id", UUID.class),
                        row.getLong("size_bytes"),
                        row.getString("etag")),
                    row.getTimestamp("written_at").toInstant()))
        .list();
  }

  private static final String LOCK =
      """
      select id, bucket, key, started_at, headers, metadata
        from object.upload
       where id = :id
         and bucket = :bucket
         and key = :key
         for update
      """;

  private static final String END =
      """
      delete from object.upload
       where id = :id
      """;

  private static final String KEEP_ONLY =
      """
      delete from object.file
       where content = :upload
         and not number = any(:numbers)
      returning id
      """;

  /** An upload that was ended: its parts are the content of nothing yet. */
  record Taken(ContentHeaders headers, List<PartRow> parts, List<UUID> unusedFiles) {}

  /**
   * Ends the upload within the caller's transaction, keeping only the numbered parts.
   *
   * @return empty if there is no such upload
   */
  Optional<Taken> take(
      Handle handle, UUID upload, String bucket, String key, Collection<Integer> numbers) {
    Optional<UploadRow> found =
        handle
            .createQuery(LOCK)
            .bind("id", upload)
            .bind("bucket", bucket)
            .bind("key", key)
            .map((row, context) -> uploadRow(row))
            .findOne();
    return found.map(
        row -> {
          List<PartRow> kept =
              parts(handle, upload, bucket, key).stream()
                  .filter(part -> numbers.contains(part.number()))
                  .toList();
          handle.createUpdate(END).bind("id", upload).execute();
          return new Taken(row.headers(), kept, deleteOthers(handle, upload, numbers));
        });
  }

  private static List<UUID> deleteOthers(Handle handle, UUID upload, Collection<Integer> numbers) {
    return handle
        .createQuery(KEEP_ONLY)
        .bind("upload", upload)
        .bindArray("numbers", Integer.class, List.copyOf(numbers))
        .mapTo(UUID.class)
        .list();
  }

  /** Aborts the upload and returns the files that have no row any more; empty if there is none. */
  Optional<List<UUID>> abort(UUID upload, String bucket, String key) {
    return jdbi.inTransaction(
        handle -> take(handle, upload, bucket, key, List.of()).map(Taken::unusedFiles));
  }

  private static final String OLDER =
      """
      select id, bucket, key, started_at, headers, metadata
        from object.upload
       where started_at < now() - cast(:seconds as bigint) * interval '1 second'
       order by started_at
       limit :limit
      """;

  /** Returns uploads that were begun longer ago than that, the oldest first. */
  List<UploadRow> olderThan(Duration age, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(OLDER)
                .bind("seconds", age.toSeconds())
                .bind("limit", limit)
                .map((row, context) -> uploadRow(row))
                .list());
  }
}
