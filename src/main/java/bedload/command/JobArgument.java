package bedload.command;

import picocli.CommandLine.Parameters;

/** Which job a command is about. */
final class JobArgument {
  @Parameters(
      paramLabel = "ARN",
      description = "The job's ARN, or the id at its end.",
      converter = IdentifierText.class)
  private String identifier = "";

  /** Returns the job's ARN or id. */
  String identifier() {
    return identifier;
  }
}
