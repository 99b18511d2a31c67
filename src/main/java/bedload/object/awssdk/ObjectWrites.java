package bedload.object.awssdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * How objects are written: first the files to the disk, then the rows in one transaction, then what
 * they replace away. The caller has checked that the bucket may be written.
 */
final class ObjectWrites {
  private final ObjectSpace space;

  ObjectWrites(ObjectSpace space) {
    this.space = space;
  }

  /**
   * Writes a request's body to the disk.
   *
   * @param sizeBytes what the client announced; fewer are refused
   * @param md5 the MD5 in Base64 that the client announced; null if it did not
   */
  BlobFile receive(InputStream body, long sizeBytes, @Nullable String md5) {
    try (body) {
      BlobFile file = space.files.write(body);
      S3ErrorCode wrong = wrong(file, sizeBytes, md5);
      if (wrong != null) {
        space.files.drop(List.of(file.id()));
        throw new S3ProxyException(wrong);
      }
      return file;
    } catch (IOException e) {
      // The chain may hold the refusal of a checksum; whoever answers looks there.
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable S3ErrorCode wrong(BlobFile file, long sizeBytes, @Nullable String md5) {
    if (file.sizeBytes() != sizeBytes) {
      return S3ErrorCode.INCOMPLETE_BODY;
    }
    boolean differs =
        md5 != null
            && !HexFormat.of().formatHex(Base64.getDecoder().decode(md5)).equals(file.etag());
    return differs ? S3ErrorCode.BAD_DIGEST : null;
  }

  /** Puts an object made of new files in the place of whatever has its key. */
  void put(NewObject object, List<BlobFile> files, WriteCondition condition) {
    Optional<ObjectRows.Gone> gone =
        commit(
            object.bucket(),
            files,
            handle -> {
              int number = 0;
              for (BlobFile file : files) {
                ObjectRows.addFile(handle, object.content(), ++number, file);
              }
              return space.objects.replace(handle, object, condition);
            });
    gone.ifPresent(this::discard);
  }

  /**
   * Copies an object that the caller has just found.
   *
   * @throws java.nio.file.NoSuchFileException if it was replaced meanwhile; look again
   */
  NewObject copy(ObjectRow source, String bucket, String key, ContentHeaders headers)
      throws IOException {
    List<BlobFile> files =
        space.files.copy(source.content(), space.objects.files(source.content()));
    NewObject copy =
        new NewObject(bucket, key, UUID.randomUUID(), source.sizeBytes(), source.etag(), headers);
    put(copy, files, WriteCondition.NONE);
    return copy;
  }

  /** Deletes what a committed transaction left without rows. */
  void discard(ObjectRows.Gone gone) {
    space.files.discard(gone.content(), gone.files());
  }

  /**
   * Runs the transaction that gives new files their rows.
   *
   * @throws AwsServiceException if S3 refuses it; then the files are gone
   */
  <T> T commit(String bucket, List<BlobFile> files, Function<Handle, T> rows) {
    try {
      return space.jdbi.inTransaction(rows::apply);
    } catch (AwsServiceException e) {
      space.files.drop(files.stream().map(BlobFile::id).toList());
      throw e;
    } catch (JdbiException e) {
      if (SqlStates.isForeignKeyViolation(e)) {
        throw S3Exceptions.noSuchBucket(bucket, "deleted meanwhile", e);
      }
      throw e;
    } finally {
      // Also if nobody knows whether the commit went through: the sweep will ask the rows.
      space.files.settled(files);
    }
  }

  static NewObject single(String bucket, String key, BlobFile file, ContentHeaders headers) {
    return new NewObject(bucket, key, UUID.randomUUID(), file.sizeBytes(), file.etag(), headers);
  }
}
