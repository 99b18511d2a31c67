package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.work.InputCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Checks a file as a job's validation would, without a service. */
@Command(
    description =
        "Check an input file as a job's validation does, without a service; exit status 1 if a line is bad.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload validate input.jsonl"})
final class ValidateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "A file of one JSON object a line.")
  private @Nullable Path file;

  @Mixin private final JsonOption json = new JsonOption();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    Path wanted = Objects.requireNonNull(file);
    InputCheck.Report report = check(spec, wanted);
    boolean isInput = whyNot(report).isEmpty();
    PrintWriter out = spec.commandLine().getOut();
    if (json.isWanted()) {
      JsonOption.write(out, document(wanted, report, isInput));
    } else {
      write(out, wanted, report);
    }
    return (isInput ? ExitCode.OK : ExitCode.NO).number();
  }

  private static ObjectNode document(Path file, InputCheck.Report report, boolean isInput) {
    ObjectNode document =
        JsonNodeFactory.instance
            .objectNode()
            .put("file", file.toString())
            .put("valid", isInput)
            .put("records", report.records())
            .put("bytes", report.sizeBytes())
            .put("badLineCount", report.faultCount());
    ArrayNode lines = document.putArray("badLines");
    report
        .faults()
        .forEach(
            fault ->
                lines
                    .addObject()
                    .put("line", fault.line())
                    .put("column", fault.column())
                    .put("rule", fault.rule())
                    .put("found", fault.found()));
    if (!report.repetition().isEmpty()) {
      document.put("warning", report.repetition());
    }
    return document;
  }

  private static void write(PrintWriter out, Path wanted, InputCheck.Report report) {
    report.faults().forEach(fault -> out.println(Printable.of(wanted + ": " + fault)));
    if (report.faultCount() > report.faults().size()) {
      out.println(
          "… and " + CountText.of(report.faultCount() - report.faults().size(), "more bad line"));
    }
    out.println(
        "%s: %s, %s, %s"
            .formatted(
                wanted,
                CountText.of(report.records(), "record"),
                CountText.of(report.faultCount(), "bad line"),
                CountText.of(report.sizeBytes(), "byte")));
    if (!report.repetition().isEmpty()) {
      out.println(wanted + ": " + report.repetition());
    }
    if (report.records() == 0 && report.faultCount() == 0) {
      out.println("%s holds no record: a job over it would fail".formatted(wanted));
    }
  }

  /** Returns what a look at every line of a file found. */
  static InputCheck.Report check(CommandSpec spec, Path file) {
    try (InputStream content = Files.newInputStream(file);
        WaitLine wait =
            WaitLine.of(spec, "Reading " + file, Files.size(file), WaitLine.Unit.BYTES)) {
      return new InputCheck().check(content, wait::at);
    } catch (IOException e) {
      throw new CommandFault(ExitCode.UNAVAILABLE, unreadable(file, e), e);
    }
  }

  private static String unreadable(Path file, IOException trouble) {
    if (Files.isDirectory(file)) {
      return "%s is a folder; a file of one JSON object a line is wanted.".formatted(file);
    }
    return switch (trouble) {
      case NoSuchFileException _ ->
          file.isAbsolute()
              ? "There is no file %s.".formatted(file)
              : "There is no file %s in %s.".formatted(file, Path.of("").toAbsolutePath());
      case AccessDeniedException _ -> "You may not read %s.".formatted(file);
      default -> "Cannot read %s: %s".formatted(file, trouble.getMessage());
    };
  }

  /** Returns why a job over this file would fail; empty if it would not. */
  static String whyNot(InputCheck.Report report) {
    return report.faultCount() > 0
        ? CountText.of(report.faultCount(), "bad line")
        : report.records() == 0 ? "no record" : "";
  }
}
