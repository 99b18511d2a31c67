package bedload.command;

import bedload.ExitCode;
import bedload.catalog.Admission;
import bedload.catalog.Catalog;
import bedload.catalog.ReaderLogin;
import bedload.catalog.ReadingDesk;
import bedload.catalog.ResourceTypes;
import bedload.catalog.SqlText;
import bedload.database.Database;
import bedload.database.DatabaseAddress;
import bedload.database.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how fast a large catalog answers, and what its history costs. */
@Command(
    name = "catalog",
    description =
        "Fill a catalog of its own with jobs, change a tenth of them, and measure what users ask most.",
    footer = {"", "Example:", "  bedload bench catalog"},
    mixinStandardHelpOptions = true)
final class BenchCatalogCommand implements Callable<Integer> {
  private static final int WARM_UP_ROUNDS = 5;
  private static final long FRESH_GOAL_MILLIS = 1_000;
  private static final String PASSWORD = "bench";

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Jobs in the catalog (default: ${DEFAULT-VALUE}).",
      defaultValue = "1000000")
  private int rows = 1_000_000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Rounds after the warm-up (default: ${DEFAULT-VALUE}); of these the 95th percentile counts.",
      defaultValue = "40")
  private int rounds = 40;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where to put the database, about 3 GB (default: the temporary folder).")
  private Optional<Path> folder = Optional.empty();

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  /** A question with the time that it may take. */
  private record Measured(String name, long goalMillis, String sql) {}

  private static final List<Measured> QUESTIONS =
      List.of(
          new Measured(
              "tag filter",
              50,
              """
              select job_name, status, submit_time
                from aws_bedrock_model_invocation_job
               where tags @> array['team:team-17']
               order by submit_time desc
               limit 100
              """),
          new Measured(
              "STRUCT filter",
              50,
              """
              select job_name, status, submit_time
                from aws_bedrock_model_invocation_job
               where (input_data_config).s3_input_data_config.s3_uri = 's3://bucket-7/in/1007.jsonl'
              """),
          new Measured(
              "status count over 7 days",
              50,
              """
              select status, count(*)
                from aws_bedrock_model_invocation_job
               where submit_time > now() - interval '7 days'
               group by status
              """),
          new Measured(
              "part of a name",
              50,
              """
              select job_name, status, submit_time
                from aws_bedrock_model_invocation_job
               where job_name ilike '%kestrel-177%'
               order by submit_time desc
               limit 100
              """),
          new Measured(
              "group by over all",
              1_000,
              """
              select model_id, status, count(*)
                from aws_bedrock_model_invocation_job
               group by model_id, status
              """));

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path place =
        folder.isPresent() ? folder.get() : TemporaryFolder.create("bedload-bench-catalog-");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(place);
        Database database = Database.open(server.address())) {
      measure(database);
    } finally {
      if (folder.isEmpty()) {
        TemporaryFolder.remove(place);
      }
    }
    return ExitCode.OK.number();
  }

  private void measure(Database database) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Catalog catalog = Catalog.open(database.jdbi(), ResourceTypes.builtIn());
    ReaderLogin login =
        switch (catalog.admit(BenchCatalogFill.ACCOUNT, PASSWORD)) {
          case Admission.Admitted(String user) -> new ReaderLogin(user, PASSWORD);
          case Admission.Closed(String reason) -> throw new IllegalStateException(reason);
        };
    DatabaseAddress reader = database.address().as(login.user(), login.password());
    BenchCatalogFill fill = new BenchCatalogFill(database.jdbi(), catalog, rows);
    double perSecond = fill.fill();
    out.println(
        "%,d rows in all, written at %,.0f a second; a row has %.0f bytes"
            .formatted(rows, perSecond, fill.bytesPerRow()));
    BenchCatalogFill.Change change = fill.change(Math.max(1, rows / 10));
    out.println("%-26s %10s %10s %10s".formatted("", "median ms", "p95 ms", "goal ms"));
    try (ReadingDesk desk = new ReadingDesk(database.address(), account -> Optional.of(login))) {
      for (Measured question : QUESTIONS) {
        out.println(line(question.name(), times(desk, question.sql()), question.goalMillis()));
      }
      out.println(
          line(
              "status change to its row",
              new BenchCatalogFreshness(database.jdbi(), catalog, desk).millis(Math.max(1, rounds)),
              FRESH_GOAL_MILLIS));
    }
    out.println();
    out.println("%-26s %10s %10s".formatted("history of a change", "measured", "goal"));
    out.println(
        "%-26s %10.2f %10.2f"
            .formatted("bytes, in rows' sizes", change.bytes() / fill.bytesPerRow(), 2.0));
    out.println("%-26s %,10.0f".formatted("changes a second", change.perSecond()));
    for (Measured question : QUESTIONS) {
      out.println();
      out.println(question.name());
      BenchCatalogFill.explain(reader, question.sql()).forEach(line -> out.println("  " + line));
    }
    out.flush();
  }

  /** Returns the sorted times of the rounds that count, each from the question to its last row. */
  private double[] times(ReadingDesk desk, String sql) {
    ReadingDesk.Ask ask = new ReadingDesk.Ask(SqlText.of(sql), List.of(), 10_000, null);
    double[] millis = new double[Math.max(1, rounds)];
    for (int round = -WARM_UP_ROUNDS; round < millis.length; round++) {
      double took = desk.ask(BenchCatalogFill.ACCOUNT, ask).took().toNanos() / 1e6;
      if (round >= 0) {
        millis[round] = took;
      }
    }
    Arrays.sort(millis);
    return millis;
  }

  private static String line(String name, double[] millis, long goalMillis) {
    return "%-26s %10.1f %10.1f %10d"
        .formatted(name, percentile(millis, 0.5), percentile(millis, 0.95), goalMillis);
  }

  private static double percentile(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
