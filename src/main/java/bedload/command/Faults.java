package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Says what ended a command: the sentence of a fault that the user can mend, and for a fault of
 * bedload itself the stack trace, which nobody could do without.
 */
final class Faults implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception fault, CommandLine line, ParseResult parsed) {
    if (fault instanceof CommandFault expected) {
      line.getErr().println("bedload: " + expected.getMessage());
      return expected.exitCode().number();
    }
    LoggerFactory.getLogger(Faults.class)
        .error("{} ended by a fault of bedload", line.getCommandName(), fault);
    line.getErr()
        .println("bedload: this is a fault of bedload itself; please report it with what follows.");
    fault.printStackTrace(line.getErr());
    return ExitCode.BUG.number();
  }
}
