package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.work.InputCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a file as a job's validation would, without a service. */
@Command(
    name = "validate",
    description =
        "Check an input file as a job's validation does, without a service; exit status 1 if a line is bad.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload validate input.jsonl"})
final class ValidateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "A file of one JSON object a line.")
  private @Nullable Path file;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    Path wanted = Objects.requireNonNull(file);
    InputCheck.Report report = check(wanted);
    PrintWriter out = spec.commandLine().getOut();
    report.faults().forEach(fault -> out.println(wanted + ": " + fault));
    if (report.faultCount() > report.faults().size()) {
      out.println(
          "… and %,d more bad lines".formatted(report.faultCount() - report.faults().size()));
    }
    out.println(
        "%s: %,d records, %,d bad lines, %,d bytes"
            .formatted(wanted, report.records(), report.faultCount(), report.sizeBytes()));
    if (!report.repetition().isEmpty()) {
      out.println(wanted + ": " + report.repetition());
    }
    if (report.records() == 0 && report.faultCount() == 0) {
      out.println("%s holds no record: a job over it would fail".formatted(wanted));
      return ExitCode.NO.number();
    }
    return (report.faultCount() == 0 ? ExitCode.OK : ExitCode.NO).number();
  }

  private static InputCheck.Report check(Path file) {
    try (InputStream content = Files.newInputStream(file)) {
      return new InputCheck().check(content, bytes -> {});
    } catch (IOException e) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "Cannot read %s: %s. Give the path of a file that you may read.".formatted(file, e),
          e);
    }
  }
}
