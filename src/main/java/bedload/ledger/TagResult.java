package bedload.ledger;

import java.util.Map;

/** What became of a request to read or change a job's tags. */
public sealed interface TagResult {
  /** The tags as they stand now. */
  record Tagged(Map<String, String> tags) implements TagResult {}

  /** The account has no such job. */
  record NotFound() implements TagResult {}

  /**
   * The job would have more tags than a job may have, so none was changed.
   *
   * @param count how many it would have
   */
  record TooMany(int count) implements TagResult {}
}
