package bedload.object.awssdk;

import bedload.object.awssdk.UploadRows.Added;
import bedload.object.awssdk.UploadRows.PartRow;
import bedload.object.awssdk.UploadRows.Taken;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Multipart uploads. Each part is a file of its own; to complete an upload is to write one row,
 * whatever its size. The caller has checked that the bucket may be written.
 */
final class MultipartUploads {
  private final ObjectSpace space;
  private final ObjectWrites writes;

  MultipartUploads(ObjectSpace space, ObjectWrites writes) {
    this.space = space;
    this.writes = writes;
  }

  /** Names an upload as its requests do. */
  record UploadName(String bucket, String key, String id) {
    /** Returns the id in the form that we give out, or throws "no such upload". */
    UUID uuid() {
      try {
        return UUID.fromString(id);
      } catch (IllegalArgumentException e) {
        throw Refusals.noSuchUpload();
      }
    }
  }

  /** Receives a part and returns its ETag. */
  String receive(
      UploadName upload, int number, InputStream body, long sizeBytes, @Nullable String md5) {
    UUID id = upload.uuid();
    // Asked before the bytes come, and once more after: a client would send gigabytes in vain.
    if (!space.uploads.exists(id, upload.bucket(), upload.key())) {
      throw Refusals.noSuchUpload();
    }
    BlobFile file = writes.receive(body, sizeBytes, md5);
    List<UUID> replaced =
        writes.commit(
            upload.bucket(),
            List.of(file),
            handle -> add(handle, upload, number, file).stream().toList());
    space.files.drop(replaced);
    return file.etag();
  }

  private Optional<UUID> add(Handle handle, UploadName upload, int number, BlobFile file) {
    return switch (UploadRows.add(
        handle, upload.uuid(), upload.bucket(), upload.key(), number, file)) {
      case Added.Done(Optional<UUID> replaced) -> replaced;
      case Added.NoUpload() -> throw Refusals.noSuchUpload();
    };
  }

  /**
   * Makes the parts an object.
   *
   * @param wanted the parts that the client names
   */
  NewObject complete(UploadName upload, List<CompletedPart> wanted, WriteCondition condition) {
    Map<Integer, String> etags = new TreeMap<>();
    for (CompletedPart part : wanted) {
      etags.put(part.partNumber(), WriteCondition.unquoted(part.eTag()));
    }
    Completed completed =
        writes.commit(
            upload.bucket(), List.of(), handle -> complete(handle, upload, etags, condition));
    space.files.drop(completed.unusedFiles());
    completed.gone().ifPresent(writes::discard);
    return completed.object();
  }

  private record Completed(
      NewObject object, List<UUID> unusedFiles, Optional<ObjectRows.Gone> gone) {}

  private Completed complete(
      Handle handle, UploadName upload, Map<Integer, String> etags, WriteCondition condition) {
    Taken taken =
        space
            .uploads
            .take(handle, upload.uuid(), upload.bucket(), upload.key(), etags.keySet())
            .orElseThrow(Refusals::noSuchUpload);
    List<BlobFile> files = taken.parts().stream().map(PartRow::file).toList();
    List<String> found = files.stream().map(BlobFile::etag).toList();
    if (!found.equals(List.copyOf(etags.values()))) {
      throw new S3ProxyException(S3ErrorCode.INVALID_PART);
    }
    NewObject object =
        new NewObject(
            upload.bucket(),
            upload.key(),
            upload.uuid(),
            files.stream().mapToLong(BlobFile::sizeBytes).sum(),
            etag(found),
            taken.headers());
    return new Completed(
        object, taken.unusedFiles(), space.objects.replace(handle, object, condition));
  }

  /** Returns the ETag of an object of several parts: the MD5 of their MD5s, and their count. */
  private static String etag(List<String> parts) {
    MessageDigest md5 = BlobFiles.md5();
    parts.forEach(part -> md5.update(HexFormat.of().parseHex(part)));
    return HexFormat.of().formatHex(md5.digest()) + "-" + parts.size();
  }

  /** Ends the upload and deletes its parts. */
  void abort(UploadName upload) {
    List<UUID> files =
        space
            .uploads
            .abort(upload.uuid(), upload.bucket(), upload.key())
            .orElseThrow(Refusals::noSuchUpload);
    space.files.drop(files);
  }

  /** Returns the parts that have arrived, in order. */
  List<PartRow> parts(UploadName upload) {
    return space.uploads.parts(upload.uuid(), upload.bucket(), upload.key());
  }
}
