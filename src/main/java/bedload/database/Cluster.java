package bedload.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of the embedded server: made once, whole or not at all, and kept for good.
 *
 * @param superuserPassword of {@link #USER}; known to nobody but the readers of one private file
 */
record Cluster(PostgresFolder folder, String superuserPassword) {
  static final String USER = "bedload";
  static final String DATABASE = "bedload";

  private static final int PASSWORD_BYTES = 24;

  /** Written into the server's configuration once; the user may change them there. */
  private static final List<String> SETTINGS =
      List.of("shared_buffers=64MB", "max_connections=100", "log_checkpoints=off");

  /**
   * Makes the files if there are none.
   *
   * @throws DatabaseUnavailableException if that fails, or if those that are there are of another
   *     major version of PostgreSQL
   */
  static Cluster create(PostgresFolder folder, PostgresBinaries binaries, ServerAccount account)
      throws IOException {
    boolean isKnown = Files.exists(folder.password());
    if (!isKnown) {
      PostgresFolder.replace(folder.password(), newPassword());
    }
    String password = Files.readString(folder.password()).strip();
    Cluster cluster = new Cluster(folder, password);
    if (Files.notExists(folder.data())) {
      cluster.initialise(binaries, account);
      return cluster;
    }
    cluster.requireVersion(binaries, account);
    account.own(folder.data());
    if (!isKnown) {
      cluster.execute(
          binaries, account, folder.data(), "alter role " + USER + " password '" + password + "'");
    }
    return cluster;
  }

  private static String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private void initialise(PostgresBinaries binaries, ServerAccount account) throws IOException {
    Path unfinished = folder.unfinishedData();
    Path passwordForServer = folder.path().resolve("password.initdb");
    PostgresFolder.delete(unfinished);
    Files.deleteIfExists(passwordForServer);
    Files.createDirectory(unfinished);
    account.own(unfinished);
    try {
      PostgresFolder.createPrivate(passwordForServer);
      Files.writeString(passwordForServer, superuserPassword);
      account.own(passwordForServer);
      require("initdb", initdb(binaries, account, unfinished, passwordForServer));
    } finally {
      Files.deleteIfExists(passwordForServer);
    }
    execute(binaries, account, unfinished, "create database " + DATABASE);
    require(
        "writing to disk",
        Command.of(
            account.prefix(), binaries.program("initdb"), "--pgdata=" + unfinished, "--sync-only"));
    PostgresFolder.move(unfinished, folder.data());
  }

  private void require(String step, Command command) {
    Command.Outcome outcome = command.run();
    if (!outcome.isSuccess()) {
      throw ServerTrouble.of(folder, step, outcome.output());
    }
  }

  private static Command initdb(
      PostgresBinaries binaries, ServerAccount account, Path data, Path passwordFile) {
    Command fixed =
        Command.of(
            account.prefix(),
            binaries.program("initdb"),
            "--pgdata=" + data,
            "--username=" + USER,
            "--pwfile=" + passwordFile,
            "--auth=scram-sha-256",
            "--data-checksums",
            "--encoding=UTF8",
            // The collation of the bundled server, not of a system library that changes under
            // indexes.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            // One sync at the end, when all is there, costs half as much.
            "--no-sync",
            "--no-instructions");
    Stream<String> settings = SETTINGS.stream().flatMap(setting -> Stream.of("--set", setting));
    return new Command(Stream.concat(fixed.words().stream(), settings).toList());
  }

  /**
   * Runs a statement while no server runs, so that it is done before anybody can connect. What it
   * writes is not yet safe from a power cut.
   */
  private void execute(
      PostgresBinaries binaries, ServerAccount account, Path data, String statement) {
    Command.Outcome outcome =
        Command.of(
                account.prefix(),
                binaries.program("postgres"),
                "--single",
                "-F",
                "-D",
                data.toString(),
                "postgres")
            .run(statement + "\n");
    // The program ends well even where the statement failed.
    if (!outcome.isSuccess() || outcome.output().contains("ERROR:")) {
      throw ServerTrouble.of(folder, "the first statement", outcome.output());
    }
  }

  private void requireVersion(PostgresBinaries binaries, ServerAccount account) throws IOException {
    String found = Files.readString(folder.data().resolve("PG_VERSION")).strip();
    String wanted =
        Command.of(account.prefix(), binaries.program("postgres"), "--version").run().output();
    if (!wanted.matches("(?s).*\\b" + found + "[.\\s].*")) {
      throw new DatabaseUnavailableException(
          "The data in %s was written by PostgreSQL %s, and this bedload has '%s', which cannot read it. Start the bedload that wrote it, or move the data to a PostgreSQL of your own and give that with --database-url."
              .formatted(folder.data(), found, wanted));
    }
  }
}
