package bedload.database;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * As whom the server runs. PostgreSQL refuses to run as root, so a bedload that root has started
 * gives the server to an account without rights.
 *
 * @param prefix the words that go before a command so that it runs as this account
 * @param owner who must own the server's files; null when that is the user of this process anyway
 */
record ServerAccount(List<String> prefix, @Nullable Owner owner) {
  private static final Path ACCOUNTS = Path.of("/etc/passwd");
  private static final Owner ROOT = new Owner(0, 0, "root");

  /** The account that owns nothing, by its usual number. */
  private static final Owner NOBODY = new Owner(65_534, 65_534, null);

  /**
   * The accounts to take, the best first: one made for the purpose, then the one that owns nothing.
   */
  private static final List<String> NAMES = List.of("bedload", "nobody");

  /**
   * This gives the server the files of root and none of root's powers, and makes it believe that it
   * is somebody else. Only where the server's folder lies below one that is closed to others.
   */
  private static final List<String> NAMESPACE = List.of("unshare", "--user");

  record Owner(int uid, int gid, @Nullable String name) {}

  /**
   * Returns the first account as which the server's program can be run where it lies.
   *
   * @throws DatabaseUnavailableException if there is none; what each said is in the message
   */
  static ServerAccount choose(PostgresFolder folder, PostgresBinaries binaries) throws IOException {
    List<String> refusals = new ArrayList<>();
    for (ServerAccount account : candidates(folder)) {
      Command.Outcome outcome =
          Command.of(account.prefix, binaries.program("postgres"), "--version").run();
      if (outcome.isSuccess()) {
        return account;
      }
      refusals.add(String.join(" ", account.prefix) + ": " + outcome.output());
    }
    throw ServerTrouble.noAccount(folder, refusals);
  }

  private static List<ServerAccount> candidates(PostgresFolder folder) throws IOException {
    if (!PostgresFolder.isPosix()) {
      return List.of(new ServerAccount(List.of(), null));
    }
    if (new UnixSystem().getUid() != 0) {
      ServerAccount self = new ServerAccount(List.of(), null);
      // initdb wants a name for its user; in a namespace the user is the one that owns nothing.
      boolean isNameless = System.getProperty("user.name", "?").equals("?");
      return isNameless ? List.of(new ServerAccount(NAMESPACE, null), self) : List.of(self);
    }
    List<ServerAccount> candidates = new ArrayList<>();
    for (Owner owner : owners(folder)) {
      String uid = Integer.toString(owner.uid);
      String gid = Integer.toString(owner.gid);
      candidates.add(
          new ServerAccount(
              List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"),
              owner));
      candidates.add(
          new ServerAccount(List.of("chroot", "--userspec=" + uid + ":" + gid, "/"), owner));
      if (owner.name != null) {
        candidates.add(new ServerAccount(List.of("runuser", "-u", owner.name, "--"), owner));
      }
    }
    candidates.add(new ServerAccount(NAMESPACE, ROOT));
    return candidates;
  }

  /** Whoever owns the server's files already stays their owner where that is possible. */
  private static List<Owner> owners(PostgresFolder folder) throws IOException {
    List<Owner> named = new ArrayList<>();
    List<String> accounts = Files.isReadable(ACCOUNTS) ? Files.readAllLines(ACCOUNTS) : List.of();
    for (String name : NAMES) {
      for (String line : accounts) {
        String[] fields = line.split(":", -1);
        if (fields.length > 3 && fields[0].equals(name)) {
          named.add(new Owner(Integer.parseInt(fields[2]), Integer.parseInt(fields[3]), name));
        }
      }
    }
    Owner best = named.isEmpty() ? NOBODY : named.getFirst();
    if (Files.exists(folder.data())) {
      int uid = (Integer) Files.getAttribute(folder.data(), "unix:uid");
      int gid = (Integer) Files.getAttribute(folder.data(), "unix:gid");
      if (uid != ROOT.uid && uid != best.uid) {
        return List.of(new Owner(uid, gid, null), best);
      }
    }
    return List.of(best);
  }

  /** Makes this account the owner of a tree, unless it is. */
  void own(Path tree) throws IOException {
    if (owner == null || isOwner(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            change(file);
            return FileVisitResult.CONTINUE;
          }

          // The top comes last, so that its owner tells that the whole tree is done.
          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            change(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private boolean isOwner(Path path) throws IOException {
    return owner != null && Files.getAttribute(path, "unix:uid").equals(owner.uid);
  }

  private void change(Path path) throws IOException {
    if (owner != null) {
      Files.setAttribute(path, "unix:gid", owner.gid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:uid", owner.uid, LinkOption.NOFOLLOW_LINKS);
    }
  }
}
