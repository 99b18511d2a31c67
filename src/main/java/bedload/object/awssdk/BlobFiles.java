package bedload.object.awssdk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that hold the bytes of objects. A file is written once, under a name that nobody knows
 * until the row that names it is committed, so it needs no rename and no reader can meet it half
 * written. Safe for use by many threads of one process; the folder belongs to that process.
 */
public final class BlobFiles {
  private static final Logger log = LoggerFactory.getLogger(BlobFiles.class);
  private static final int BUFFER_BYTES = 128 * 1024;
  private static final int FOLDERS = 256;

  private final Path folder;

  /** Files that have no row on purpose: being written, or read by somebody who began earlier. */
  private final Set<UUID> spared = ConcurrentHashMap.newKeySet();

  private final ReentrantLock readersLock = new ReentrantLock();
  private final Map<UUID, Readers> readersByContent = new HashMap<>();
  private final Set<UUID> discarding = new HashSet<>();

  private BlobFiles(Path folder) {
    this.folder = folder;
  }

  /** Those who read a content now, and what is to be deleted after the last of them. */
  private static final class Readers {
    int count;
    List<UUID> discarded = List.of();
  }

  /**
   * Opens the folder, and makes it if need be.
   *
   * @throws IOException if it cannot be made or is not a folder
   */
  public static BlobFiles open(Path folder) throws IOException {
    Files.createDirectories(folder);
    BlobFiles files = new BlobFiles(folder);
    for (int i = 0; i < FOLDERS; i++) {
      Files.createDirectories(files.subfolder(i));
    }
    forceFolder(folder);
    return files;
  }

  /**
   * Writes a new file and returns when it is on disk, with its name in the folder. Until {@link
   * #settled} is called the file is spared by the sweep.
   *
   * @throws IOException if the source fails or the disk does; nothing is left behind
   */
  BlobFile write(InputStream source) throws IOException {
    UUID id = UUID.randomUUID();
    spared.add(id);
    try {
      MessageDigest md5 = md5();
      long sizeBytes = copyDurably(source, path(id), md5);
      return new BlobFile(id, sizeBytes, HexFormat.of().formatHex(md5.digest()));
    } catch (IOException | RuntimeException e) {
      drop(List.of(id));
      throw e;
    }
  }

  private static long copyDurably(InputStream source, Path path, MessageDigest md5)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long sizeBytes = 0;
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int count; (count = source.readNBytes(buffer, 0, buffer.length)) > 0; ) {
        md5.update(buffer, 0, count);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        sizeBytes += count;
      }
      file.force(true);
    }
    forceFolder(path.resolveSibling(""));
    return sizeBytes;
  }

  /**
   * Gives existing bytes second names, so that each content owns its files alone.
   *
   * @param content whose files they are
   * @throws NoSuchFileException if the content was discarded since its rows were read; look again
   */
  List<BlobFile> copy(UUID content, List<BlobFile> sources) throws IOException {
    enter(content);
    List<BlobFile> copies = new ArrayList<>();
    try {
      for (BlobFile source : sources) {
        copies.add(copy(source));
      }
      return copies;
    } catch (IOException | RuntimeException e) {
      drop(copies.stream().map(BlobFile::id).toList());
      throw e;
    } finally {
      leave(content);
    }
  }

  private BlobFile copy(BlobFile source) throws IOException {
    UUID id = UUID.randomUUID();
    spared.add(id);
    try {
      Files.createLink(path(id), path(source.id()));
      forceFolder(path(id).resolveSibling(""));
      return new BlobFile(id, source.sizeBytes(), source.etag());
    } catch (UnsupportedOperationException e) {
      // Not every file system has links.
      spared.remove(id);
      try (InputStream bytes = Files.newInputStream(path(source.id()))) {
        return write(bytes);
      }
    } catch (IOException e) {
      drop(List.of(id));
      throw e;
    }
  }

  /** Tells that the transaction with the rows of these files is over: now the rows protect them. */
  void settled(Collection<BlobFile> written) {
    written.forEach(file -> spared.remove(file.id()));
  }

  /**
   * Opens a stretch of bytes.
   *
   * @param slices what to read of which file, in order; not empty
   * @throws NoSuchFileException if the content was discarded since its rows were read; look again
   */
  InputStream read(UUID content, List<Slice> slices) throws IOException {
    // Entered before the first file is opened: from here on discard leaves the others alone.
    enter(content);
    try {
      return new SlicesInputStream(slices, this::path, () -> leave(content));
    } catch (IOException | RuntimeException e) {
      leave(content);
      throw e;
    }
  }

  private void enter(UUID content) throws NoSuchFileException {
    readersLock.lock();
    try {
      if (discarding.contains(content)) {
        throw new NoSuchFileException("Content " + content + " is being deleted");
      }
      readersByContent.computeIfAbsent(content, unread -> new Readers()).count++;
    } finally {
      readersLock.unlock();
    }
  }

  private void leave(UUID content) {
    List<UUID> discarded = List.of();
    readersLock.lock();
    try {
      Readers readers = readersByContent.get(content);
      if (readers != null && --readers.count == 0) {
        readersByContent.remove(content);
        discarded = readers.discarded;
      }
    } finally {
      readersLock.unlock();
    }
    drop(discarded);
  }

  /**
   * Deletes a content whose rows are gone, or leaves that to the last of those who read it. Who
   * comes to read it later is refused, rather than served the files that are still there.
   */
  void discard(UUID content, Collection<UUID> files) {
    List<UUID> ids = List.copyOf(files);
    spared.addAll(ids);
    readersLock.lock();
    try {
      Readers readers = readersByContent.get(content);
      if (readers != null) {
        readers.discarded = ids;
        return;
      }
      discarding.add(content);
    } finally {
      readersLock.unlock();
    }
    drop(ids);
    readersLock.lock();
    try {
      discarding.remove(content);
    } finally {
      readersLock.unlock();
    }
  }

  /** Deletes files that no reader can know: they are of no object, and their rows are gone. */
  void drop(Collection<UUID> files) {
    for (UUID file : files) {
      try {
        Files.deleteIfExists(path(file));
      } catch (IOException e) {
        // The row is gone already, so nobody will see it; the next sweep tries again.
        log.warn("Cannot delete {}: {}", path(file), e.toString());
      }
      spared.remove(file);
    }
  }

  /**
   * Deletes files that no row names, as a crash between file and commit leaves them.
   *
   * @param named returns those of the given files that have a row
   * @return how many files were deleted
   */
  int sweep(UnaryOperator<Set<UUID>> named) throws IOException {
    int count = 0;
    for (int i = 0; i < FOLDERS && !Thread.currentThread().isInterrupted(); i++) {
      Set<UUID> orphans = filesIn(subfolder(i));
      // In this order: whoever leaves the spared ones has its row by then, or no file.
      orphans.removeAll(spared);
      if (!orphans.isEmpty()) {
        orphans.removeAll(named.apply(orphans));
        drop(orphans);
        count += orphans.size();
      }
    }
    return count;
  }

  private static Set<UUID> filesIn(Path subfolder) throws IOException {
    Set<UUID> found = new HashSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(subfolder)) {
      for (Path entry : entries) {
        try {
          found.add(UUID.fromString(String.valueOf(entry.getFileName())));
        } catch (IllegalArgumentException e) {
          log.warn("{} is not a file of the object store; it stays", entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private Path subfolder(int index) {
    return folder.resolve(HexFormat.of().toHexDigits((byte) index));
  }

  private Path path(UUID file) {
    return subfolder((int) (file.getMostSignificantBits() >>> 56)).resolve(file.toString());
  }

  /** Makes the names in a folder durable; without it a crash may forget a file that was fsynced. */
  private static void forceFolder(Path folder) throws IOException {
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      // Windows opens no folder as a file, and its journal keeps names without being asked.
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has MD5", e);
    }
  }
}
