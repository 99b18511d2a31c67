package bedload;

import bedload.job.AccountId;
import bedload.ledger.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The secrets of an installation: made by chance at its first start, kept in a file that its owner
 * alone can read.
 *
 * @param accounts every account that may call; the first is the one of the commands
 * @param pagingKey what paging tokens are signed with, so that nobody can make one up
 */
public record Credentials(List<AccountKeys> accounts, String pagingKey) {
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String DIGITS = "0123456789";
  private static final String LETTERS = UPPER + UPPER.toLowerCase(Locale.ROOT) + DIGITS;
  private static final String IN_DATABASE = "credentials";
  private static final JsonMapper JSON = JsonMapper.shared();

  public Credentials {
    accounts = List.copyOf(accounts);
    if (accounts.isEmpty()) {
      throw new IllegalArgumentException("accounts: at least one account is wanted");
    }
  }

  /**
   * What one account proves itself with.
   *
   * @param accessKeyId twenty of A-Z and 0-9, as AWS's are
   * @param secretAccessKey forty letters and digits
   * @param bearerKey what a client may send instead of a signature
   * @param sqlPassword of the account's read-only role in the database
   */
  public record AccountKeys(
      String account,
      String accessKeyId,
      String secretAccessKey,
      String bearerKey,
      String sqlPassword) {
    private static final String MAC = "HmacSHA256";

    /** Returns the account. */
    public AccountId accountId() {
      return new AccountId(account);
    }

    /**
     * Returns the password of the account's role that sees nothing which users fed: made from that
     * of its other role, which cannot be found out from it.
     */
    String maskedSqlPassword() {
      try {
        Mac mac = Mac.getInstance(MAC);
        mac.init(new SecretKeySpec(sqlPassword.getBytes(StandardCharsets.UTF_8), MAC));
        return HexFormat.of().formatHex(mac.doFinal("masked".getBytes(StandardCharsets.UTF_8)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Every JDK has " + MAC, e);
      }
    }

    static AccountKeys random(AccountId account, RandomGenerator random) {
      return new AccountKeys(
          account.value(),
          "BDLD" + pick(UPPER + DIGITS, 16, random),
          pick(LETTERS, 40, random),
          pick(LETTERS, 40, random),
          pick(LETTERS, 32, random));
    }

    @Override
    public String toString() {
      return "AccountKeys[account=%s, accessKeyId=%s]".formatted(account, accessKeyId);
    }
  }

  /**
   * Reads the file, making it first if there is none.
   *
   * @param random a secure one: whoever can guess it can sign
   */
  public static Credentials load(DataPaths paths, RandomGenerator random) {
    try {
      if (!Files.exists(paths.credentials())) {
        Credentials fresh =
            new Credentials(
                List.of(AccountKeys.random(AccountId.DEFAULT, random)), pick(LETTERS, 43, random));
        PrivateFile.write(
            paths.credentials(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fresh));
      }
      return JSON.readValue(Files.readString(paths.credentials()), Credentials.class);
    } catch (IOException | JacksonException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "The keys in %s cannot be read: %s. Put the file back from a backup, or remove it to have new keys made."
              .formatted(paths.credentials(), e.getMessage()),
          e);
    }
  }

  /**
   * Reads the keys that all nodes of a service have alike: they are in its database, and were this
   * node's if it was the first. The file becomes a copy of them.
   *
   * @param random a secure one
   */
  static Credentials load(DataPaths paths, Installation installation, RandomGenerator random) {
    Credentials mine = load(paths, random);
    String text = installation.agree(IN_DATABASE, JSON.writeValueAsString(mine));
    Credentials all = JSON.readValue(text, Credentials.class);
    if (!all.equals(mine)) {
      try {
        PrivateFile.write(
            paths.credentials(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all));
      } catch (IOException e) {
        throw new CommandFault(
            ExitCode.UNAVAILABLE,
            "The service's keys cannot be written to %s: %s.".formatted(paths.credentials(), e),
            e);
      }
    }
    return all;
  }

  /** Returns the keys of an access key id; empty if no account has it. */
  public Optional<AccountKeys> ofAccessKey(String accessKeyId) {
    return accounts.stream().filter(keys -> keys.accessKeyId().equals(accessKeyId)).findFirst();
  }

  /** Returns the keys of an account; empty if it has none. */
  public Optional<AccountKeys> of(AccountId account) {
    return accounts.stream().filter(keys -> keys.account().equals(account.value())).findFirst();
  }

  private static String pick(String alphabet, int length, RandomGenerator random) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "Credentials" + accounts;
  }
}
