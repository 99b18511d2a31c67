package bedload;

import bedload.catalog.ChangeFeed;
import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceType;
import bedload.job.AccountId;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of changes of the catalog, as settings have it.
 *
 * @param name under which it is known how far it has been told
 * @param account whose users see what it is told of; null for the first of this installation
 * @param type the table of the resources; null for every table
 * @param search what a change has to leave a resource as, as people write it; empty for anything
 */
public record ChangesSetting(
    String name,
    @Nullable AccountId account,
    @Nullable String type,
    String search,
    WebhookSetting webhook) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");

  /** Puts the parts together; what is absent is null. */
  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static ChangesSetting ofParts(
      @JsonProperty("name") @Nullable String name,
      @JsonProperty("account") @Nullable String account,
      @JsonProperty("type") @Nullable String type,
      @JsonProperty("search") @Nullable String search,
      @JsonProperty("webhook") @Nullable WebhookSetting webhook) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "changes: a name is wanted, up to 40 of a-z, 0-9 and '-', this is '%s'".formatted(name));
    }
    if (webhook == null) {
      throw new IllegalArgumentException("changes %s: webhook is missing".formatted(name));
    }
    return new ChangesSetting(
        name,
        account == null ? null : new AccountId(account),
        type,
        search == null ? "" : search,
        webhook);
  }

  /**
   * Returns the changes that are to be told.
   *
   * @throws CommandFault if there is no such account or type, or the search cannot be understood
   */
  ChangeFeed feed(
      ReadingDesk desk, List<ResourceType> types, Credentials credentials, InstantSource clock) {
    List<String> accounts =
        credentials.accounts().stream().map(Credentials.AccountKeys::account).toList();
    String viewer = account == null ? accounts.getFirst() : account.value();
    if (!accounts.contains(viewer)) {
      throw fault("account is one of %s, not %s".formatted(accounts, viewer));
    }
    List<ResourceType> wanted =
        types.stream().filter(each -> type == null || each.table().equals(type)).toList();
    if (wanted.isEmpty()) {
      throw fault(
          "type is one of %s, not %s"
              .formatted(types.stream().map(ResourceType::table).toList(), type));
    }
    ChangeFeed feed = new ChangeFeed(desk, viewer, wanted, search, clock);
    try {
      feed.check();
    } catch (QuestionFault fault) {
      throw fault(fault.sentence());
    }
    return feed;
  }

  private CommandFault fault(String sentence) {
    return new CommandFault(ExitCode.SETTINGS, "changes %s: %s".formatted(name, sentence));
  }
}
