package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import bedload.job.S3Uri;
import bedload.work.InputCheck;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how fast input is checked. */
@Command(
    name = "validate",
    description = {
      "How fast the lines of a file are checked: as a job's validation does it, from the service's own S3, beside",
      "a plain GET of the same; and by `bedload validate`, beside wc -l, jq and Python's json. By turns."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload bench validate --megabytes 200 --record-bytes 1000"})
final class BenchValidateCommand implements Callable<Integer> {
  private static final String BUCKET = "bedload-bench";
  private static final String GET = "S3, plain GET";
  private static final String CHECK = "S3, checked";
  private static final String FILE = "bedload validate";
  private static final String PYTHON =
      """
      import json, sys
      for line in open(sys.argv[1]):
          json.loads(line)
      """;

  @Option(
      names = "--megabytes",
      paramLabel = "N",
      description = "Size of the file (default: ${DEFAULT-VALUE}).",
      defaultValue = "200")
  private int megabytes = 200;

  @Option(
      names = "--record-bytes",
      split = ",",
      paramLabel = "N",
      description = "Size of a record (default: ${DEFAULT-VALUE}).",
      defaultValue = "100,1000")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Rounds after the warm-up, of which the median counts (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  private int rounds = 5;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return UntilSignal.run(this::bench).number();
  }

  private ExitCode bench() throws IOException, InterruptedException {
    Path folder = TemporaryFolder.create("bedload-bench-validate-");
    try (BenchNode node = BenchNode.start(folder.resolve("node"), List.of());
        BatchClient client = BatchClient.of(node.service())) {
      client.createBucket(BUCKET);
      for (int size : sizes) {
        Path file = folder.resolve(size + ".jsonl");
        long records = write(file, size, (long) megabytes << 20);
        S3Uri object = new S3Uri(BUCKET, size + "/input.jsonl");
        client.put(object, file);
        report(size, records, Files.size(file), measure(client, object, file, records, folder));
        Files.delete(file);
      }
    } finally {
      TemporaryFolder.remove(folder);
    }
    return ExitCode.OK;
  }

  /** Returns how many records there are. */
  private static long write(Path file, int recordBytes, long wantedBytes) throws IOException {
    long records = 0;
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (long written = 0; written < wantedBytes; records++) {
        String start =
            "{\"recordId\":\"r%09d\",\"modelInput\":{\"messages\":[{\"role\":\"user\",\"content\":\""
                .formatted(records);
        String end = "\"}]}}\n";
        int text = Math.max(1, recordBytes - start.length() - end.length());
        lines.write(start);
        lines.write("A river's bed load rolls. ".repeat(text / 26 + 1), 0, text);
        lines.write(end);
        written += start.length() + text + end.length();
      }
    }
    return records;
  }

  /** One way to read the input, which says how many records it found, or a negative number. */
  private interface Reading {
    long records() throws IOException, InterruptedException;
  }

  private Map<String, List<Double>> measure(
      BatchClient client, S3Uri object, Path file, long records, Path folder)
      throws IOException, InterruptedException {
    Map<String, Reading> readings = new LinkedHashMap<>();
    readings.put(GET, () -> get(client, object));
    readings.put(CHECK, () -> new InputCheck().check(client.read(object), _ -> {}).records());
    readings.put(FILE, () -> run(BenchNode.command(List.of("validate", file.toString())), folder));
    program(readings, "wc -l", "wc", List.of("-l", file.toString()), folder);
    program(readings, "jq", "jq", List.of("-c", "empty", file.toString()), folder);
    program(readings, "Python's json", "python3", List.of("-c", PYTHON, file.toString()), folder);
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (int i = -1; i < rounds; i++) {
      for (Map.Entry<String, Reading> each : readings.entrySet()) {
        long began = System.nanoTime();
        long found = each.getValue().records();
        double took = (System.nanoTime() - began) / 1e9;
        if (found >= 0 && found != records) {
          throw new CommandFault(
              ExitCode.NO,
              "%s found %d records where there are %d".formatted(each.getKey(), found, records));
        }
        if (i >= 0) {
          seconds.computeIfAbsent(each.getKey(), _ -> new ArrayList<>()).add(took);
        }
      }
    }
    return seconds;
  }

  private static long get(BatchClient client, S3Uri object) throws IOException {
    try (InputStream content = client.read(object)) {
      content.transferTo(OutputStream.nullOutputStream());
      return -1;
    }
  }

  private static void program(
      Map<String, Reading> readings,
      String name,
      String program,
      List<String> arguments,
      Path folder) {
    InstantServer.program(program)
        .ifPresent(
            found -> {
              List<String> command = new ArrayList<>();
              command.add(found.toString());
              command.addAll(arguments);
              readings.put(name, () -> run(new ProcessBuilder(command), folder));
            });
  }

  private static long run(ProcessBuilder builder, Path folder)
      throws IOException, InterruptedException {
    Path said = folder.resolve("said.log");
    Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      if (process.waitFor() != 0) {
        throw new CommandFault(
            ExitCode.UNAVAILABLE,
            "%s failed: %s".formatted(builder.command().getFirst(), Files.readString(said)));
      }
      return -1;
    } finally {
      process.destroy();
    }
  }

  private void report(int size, long records, long bytes, Map<String, List<Double>> seconds) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%,d records of %,d bytes, %,d MB; median (least to most) of %d rounds"
            .formatted(records, size, bytes >> 20, rounds));
    double get = new Rounds(seconds.getOrDefault(GET, List.of())).median();
    seconds.forEach(
        (name, took) ->
            out.println(
                "%-18s  %-24s MB/s  %,10.0f records/s  %6.2f of a plain GET's time"
                    .formatted(
                        name,
                        new Rounds(took.stream().map(each -> bytes / 1048576.0 / each).toList())
                            .text(0),
                        records / new Rounds(took).median(),
                        new Rounds(took).median() / get)));
    out.flush();
  }
}
