package bedload.command;

import bedload.ExitCode;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what is wrong with a command line, in a sentence and without the whole help. */
final class UsageFaults implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException fault, String[] args) {
    CommandLine line = fault.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("bedload: " + sentence(fault, line));
    if (!UnmatchedArgumentException.printSuggestions(fault, err)) {
      String name = line.getCommandSpec().qualifiedName();
      err.println("See: " + name + " --help");
    }
    return ExitCode.USAGE.number();
  }

  private static String sentence(ParameterException fault, CommandLine line) {
    return fault instanceof UnmatchedArgumentException unmatched
            && !unmatched.isUnknownOption()
            && !line.getSubcommands().isEmpty()
        ? "'%s' is not a command of %s; there are %s."
            .formatted(
                unmatched.getUnmatched().getFirst(),
                line.getCommandSpec().qualifiedName(),
                String.join(", ", line.getSubcommands().keySet()))
        : String.valueOf(fault.getMessage());
  }
}
