package bedload;

import bedload.collect.EventsQueue;
import bedload.collect.Source;
import bedload.collect.SourceAccess;
import bedload.job.AccountId;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account that the catalog collects from, as settings have it.
 *
 * @param sources one for each of its regions
 * @param readers the accounts whose users may see its rows; empty for the first account of this
 *     installation
 * @param sensitiveReaders those of them who see sensitive columns, too; null for all
 * @param queue where events of the account wait; null if there is none
 */
public record SourceSetting(
    List<Source> sources,
    List<AccountId> readers,
    @Nullable List<AccountId> sensitiveReaders,
    @Nullable EventsQueue queue) {
  /** Puts the parts together; what is absent is null. */
  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static SourceSetting ofParts(
      @JsonProperty("account") @Nullable String account,
      @JsonProperty("regions") @Nullable List<String> regions,
      @JsonProperty("role-arn") @Nullable String roleArn,
      @JsonProperty("external-id") @Nullable String externalId,
      @JsonProperty("profile") @Nullable String profile,
      @JsonProperty("endpoint") @Nullable URI endpoint,
      @JsonProperty("every-seconds") @Nullable Integer everySeconds,
      @JsonProperty("calls-per-second") @Nullable Double callsPerSecond,
      @JsonProperty("readers") @Nullable List<String> readers,
      @JsonProperty("sensitive-readers") @Nullable List<String> sensitiveReaders,
      @JsonProperty("events-queue") @Nullable URI eventsQueue) {
    if (account == null) {
      throw new IllegalArgumentException(
          "a source needs an account: twelve digits, in quotes if the first is a 0");
    }
    AccountId id = new AccountId(account);
    if (regions == null || regions.isEmpty()) {
      throw new IllegalArgumentException(
          "source %s: regions is wanted, such as [us-east-1]".formatted(account));
    }
    if (endpoint != null
        && !"http".equals(endpoint.getScheme())
        && !"https".equals(endpoint.getScheme())) {
      throw new IllegalArgumentException(
          "source %s: an http or https URL is wanted for endpoint, this is '%s'"
              .formatted(account, endpoint));
    }
    requireReaders(account, readers, sensitiveReaders);
    SourceAccess access = access(account, roleArn, externalId, profile);
    return new SourceSetting(
        regions.stream()
            .map(
                region ->
                    new Source(
                        id,
                        Settings.requireRegion(region),
                        access,
                        endpoint,
                        everySeconds == null
                            ? Source.DEFAULT_EVERY
                            : Duration.ofSeconds(everySeconds),
                        callsPerSecond == null ? Source.DEFAULT_CALLS_PER_SECOND : callsPerSecond))
            .toList(),
        readers == null ? List.of() : accounts(readers),
        sensitiveReaders == null ? null : accounts(sensitiveReaders),
        eventsQueue == null
            ? null
            : EventsQueue.at(eventsQueue, Settings.requireRegion(regions.getFirst()), access));
  }

  /** Without a list of readers the only one is known no earlier than the keys are. */
  private static void requireReaders(
      String account, @Nullable List<String> readers, @Nullable List<String> sensitiveReaders) {
    if (readers == null || sensitiveReaders == null) {
      return;
    }
    for (String reader : sensitiveReaders) {
      if (!readers.contains(reader)) {
        throw new IllegalArgumentException(
            "source %s: sensitive-readers sees what readers see, and %s is none of its readers"
                .formatted(account, reader));
      }
    }
  }

  private static List<AccountId> accounts(List<String> numbers) {
    return numbers.stream().map(AccountId::new).toList();
  }

  private static SourceAccess access(
      String account,
      @Nullable String roleArn,
      @Nullable String externalId,
      @Nullable String profile) {
    if (roleArn != null && profile != null) {
      throw new IllegalArgumentException(
          "source %s: role-arn or profile, not both".formatted(account));
    }
    if (externalId != null && roleArn == null) {
      throw new IllegalArgumentException(
          "source %s: external-id goes with role-arn".formatted(account));
    }
    if (roleArn != null) {
      return new SourceAccess.Role(roleArn, externalId);
    }
    return profile == null ? new SourceAccess.Environment() : new SourceAccess.Profile(profile);
  }

  /**
   * Says whether an account's users may see the rows.
   *
   * @param first the account that sees what no setting says who may see
   */
  boolean isReadBy(AccountId viewer, AccountId first) {
    return readers.isEmpty() ? viewer.equals(first) : readers.contains(viewer);
  }

  /** Says whether an account's users, if they may see the rows, see their sensitive columns. */
  boolean isUnmaskedFor(AccountId viewer) {
    return sensitiveReaders == null || sensitiveReaders.contains(viewer);
  }

  /** Returns the account. */
  AccountId account() {
    return sources.getFirst().account();
  }
}
