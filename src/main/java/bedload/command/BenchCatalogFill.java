package bedload.command;

import bedload.catalog.Catalog;
import bedload.catalog.ResourceObservation;
import bedload.catalog.ResourceType;
import bedload.database.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * Jobs as a busy account would have them: of half a year, mostly completed, of 500 teams, 20 models
 * and 10,000 inputs. The same number always gives the same job.
 */
final class BenchCatalogFill {
  static final String ACCOUNT = "000000000000";

  private static final String TABLE = "aws_bedrock_model_invocation_job";
  private static final int ROWS_A_WRITE = 2_000;
  private static final int CHANGES_A_TRANSACTION = 500;
  private static final Duration AGE_OF_THE_OLDEST = Duration.ofDays(180);
  private static final List<String> BIRDS =
      List.of("heron", "kestrel", "plover", "dunlin", "dipper", "avocet", "curlew", "bittern");

  private final Jdbi jdbi;
  private final Catalog catalog;
  private final ResourceType type;
  private final int rows;
  private final Instant now = Instant.now();

  BenchCatalogFill(Jdbi jdbi, Catalog catalog, int rows) {
    this.jdbi = jdbi;
    this.catalog = catalog;
    this.type = catalog.type(TABLE);
    this.rows = rows;
  }

  /** Writes all rows and returns how many a second. */
  double fill() {
    long began = System.nanoTime();
    for (int first = 0; first < rows; first += ROWS_A_WRITE) {
      List<ResourceObservation> some = new ArrayList<>();
      for (int n = first; n < Math.min(rows, first + ROWS_A_WRITE); n++) {
        some.add(job(n, status(n), 1));
      }
      jdbi.useTransaction(handle -> catalog.recordAll(handle, some));
    }
    double perSecond = rows / ((System.nanoTime() - began) / 1e9);
    settle();
    return perSecond;
  }

  /**
   * What changes cost.
   *
   * @param bytes that the history grew by for each, indexes included
   */
  record Change(double bytes, double perSecond) {}

  /** Gives so many jobs another status, as their source would. */
  Change change(int count) {
    long before = historyBytes();
    long began = System.nanoTime();
    int step = rows / count;
    for (int first = 0; first < count; first += CHANGES_A_TRANSACTION) {
      int from = first;
      jdbi.useTransaction(
          handle -> {
            for (int i = from; i < Math.min(count, from + CHANGES_A_TRANSACTION); i++) {
              catalog.record(handle, job(i * step, "Stopped", 2));
            }
          });
    }
    double perSecond = count / ((System.nanoTime() - began) / 1e9);
    double bytes = (double) (historyBytes() - before) / count;
    settle();
    return new Change(bytes, perSecond);
  }

  private ResourceObservation job(int n, String status, long version) {
    Instant submitted =
        now.minus(AGE_OF_THE_OLDEST.multipliedBy(rows - n).dividedBy(Math.max(1, rows)));
    Map<String, Object> document = new HashMap<>();
    document.put(
        "jobArn",
        "arn:aws:bedrock:us-east-1:%s:model-invocation-job/%s"
            .formatted(ACCOUNT, "%12s".formatted(Integer.toString(n, 36)).replace(' ', '0')));
    document.put(
        "jobName", "nightly-%s-%d-%d".formatted(BIRDS.get(n % BIRDS.size()), n % 1_000, n));
    document.put("modelId", "amazon.model-%d-v1:0".formatted(n % 20));
    document.put("roleArn", "arn:aws:iam::" + ACCOUNT + ":role/batch");
    document.put("status", status);
    document.put("submitTime", submitted);
    document.put("lastModifiedTime", submitted.plusSeconds(600 * version));
    document.put("endTime", submitted.plusSeconds(600 * version));
    document.put("jobExpirationTime", submitted.plus(Duration.ofDays(1)));
    document.put("timeoutDurationInHours", 24);
    document.put("clientRequestToken", "token-" + n);
    document.put(
        "inputDataConfig",
        Map.of(
            "s3InputDataConfig",
            Map.of(
                "s3InputFormat",
                "JSONL",
                "s3Uri",
                "s3://bucket-%d/in/%d.jsonl".formatted(n % 50, n % 10_000))));
    document.put(
        "outputDataConfig",
        Map.of("s3OutputDataConfig", Map.of("s3Uri", "s3://bucket-%d/out/".formatted(n % 50))));
    return new ResourceObservation(
        type,
        ACCOUNT,
        "us-east-1",
        document,
        Map.of("team", "team-" + n % 500, "env", n % 3 == 0 ? "prod" : "test"),
        version,
        submitted.plusSeconds(600 * version));
  }

  private static String status(int n) {
    return switch (n % 100) {
      case 0, 1, 2, 3, 4, 5 -> "Failed";
      case 6 -> "Expired";
      case 7 -> "PartiallyCompleted";
      default -> "Completed";
    };
  }

  /** What a server that runs for longer has done by itself. */
  private void settle() {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "vacuum (analyze) catalog_store.%1$s, catalog_store.%1$s_history"
                    .formatted(TABLE)));
  }

  double bytesPerRow() {
    return one(
        "select avg(pg_column_size(job.*)) from (select * from catalog_store.%s limit 10000) as job"
            .formatted(TABLE));
  }

  private long historyBytes() {
    return (long) one("select pg_total_relation_size('catalog_store.%s_history')".formatted(TABLE));
  }

  private double one(String sql) {
    return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(Double.class).one());
  }

  /** Returns how PostgreSQL answers a question of a reader. */
  static List<String> explain(DatabaseAddress reader, String sql) {
    List<String> lines = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(reader.jdbcUrl(), reader.user(), reader.password());
        Statement statement = connection.createStatement();
        ResultSet plan =
            statement.executeQuery("explain (analyze, costs off, timing off) " + sql)) {
      while (plan.next()) {
        lines.add(plan.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("No plan of: " + sql, e);
    }
    return lines;
  }
}
