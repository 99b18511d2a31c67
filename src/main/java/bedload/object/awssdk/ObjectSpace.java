package bedload.object.awssdk;

import bedload.job.AccountId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.jdbi.v3.core.Jdbi;

/**
 * All buckets of all accounts of one installation: a database, and a folder that belongs to this
 * process. Safe for use by many threads.
 */
public final class ObjectSpace {
  /** Nobody comes back to an upload after that; AWS leaves such a rule to the bucket's owner. */
  private static final Duration UPLOAD_LIFETIME = Duration.ofDays(7);

  private static final int UPLOADS_PER_SWEEP = 1000;

  final BucketRows buckets;
  final ObjectRows objects;
  final UploadRows uploads;
  final BlobFiles files;
  final Jdbi jdbi;

  private ObjectSpace(Jdbi jdbi, BlobFiles files) {
    this.jdbi = jdbi;
    this.buckets = new BucketRows(jdbi);
    this.objects = new ObjectRows(jdbi);
    this.uploads = new UploadRows(jdbi);
    this.files = files;
  }

  /**
   * Opens the folder, and makes it if need be.
   *
   * @throws IOException if it cannot be made or is not a folder
   */
  public static ObjectSpace open(Jdbi jdbi, Path folder) throws IOException {
    return new ObjectSpace(jdbi, BlobFiles.open(folder));
  }

  /** Returns the view of an account: it sees its own buckets and no others. */
  public BlobStore of(AccountId account) {
    return new DurableBlobStore(this, account, account);
  }

  /**
   * Returns the view of an account that wants every bucket it names to belong to an owner.
   *
   * @param owner if it is not the account itself, every bucket is refused
   */
  public BlobStore of(AccountId account, AccountId owner) {
    return new DurableBlobStore(this, account, owner);
  }

  /**
   * Deletes what crashes left behind: files that no row names, and uploads that nobody came back
   * to.
   *
   * @return how many files were deleted
   */
  public int sweep() throws IOException {
    int count = 0;
    List<UploadRows.UploadRow> forgotten = uploads.olderThan(UPLOAD_LIFETIME, UPLOADS_PER_SWEEP);
    for (UploadRows.UploadRow upload : forgotten) {
      List<UUID> parts =
          uploads.abort(upload.id(), upload.bucket(), upload.key()).orElse(List.of());
      files.drop(parts);
      count += parts.size();
    }
    return count + files.sweep(objects::named);
  }
}
