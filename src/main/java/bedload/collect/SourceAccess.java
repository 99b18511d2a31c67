package bedload.collect;

import org.jspecify.annotations.Nullable;

/** What a source is asked with. */
public sealed interface SourceAccess {
  /** The process's own AWS credentials: variables, files, or those of the machine. */
  record Environment() implements SourceAccess {}

  /** A profile of AWS's configuration files. */
  record Profile(String name) implements SourceAccess {}

  /**
   * A role of the account, assumed with the process's own credentials.
   *
   * @param externalId what the role's trust policy asks for; null if it asks for none
   */
  record Role(String arn, @Nullable String externalId) implements SourceAccess {}
}
