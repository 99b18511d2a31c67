package bedload.web;

import bedload.RunningService;
import bedload.SettingsReader;
import bedload.Wiring;
import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.JobStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long the list of jobs takes, at the server and in a browser, and how many bytes it is, with
 * 1,000,000 rows in the catalog; {@code -Dtest=JobsPageBenchmark} runs it, no build does. {@code
 * -Djobs=100000} takes fewer.
 */
class JobsPageBenchmark {
  private static final int JOBS = Integer.getInteger("jobs", 1_000_000);
  private static final int WARM_UP = 3;
  private static final int ROUNDS = 20;

  private static final String FILL =
      """
      insert into catalog_store.aws_bedrock_model_invocation_job (
             account_id, job_arn, job_name, model_id, role_arn, status, submit_time, last_modified_time,
             end_time, tags, timeout_duration_in_hours,
             input_data_config__s3_input_data_config__s3_uri, output_data_config__s3_output_data_config__s3_uri,
             _region, _tag_map, _revision, _version, _observed_at, _first_seen_at, _valid_from)
      select :account, 'arn:aws:bedrock:us-east-1:' || :account || ':model-invocation-job/' || substr(md5(number::text), 1, 12),
             'nightly-' || number, 'arn:aws:bedrock:us-east-1::foundation-model/model-' || number % 7, 'arn:aws:iam::000000000000:role/batch',
             case when number % 100 = 0 then 'Failed' when number % 1000 = 1 then 'Stopped' else 'Completed' end,
             timestamptz '2024-01-01 00:00:00Z' + number * interval '60 seconds',
             timestamptz '2024-01-01 00:00:00Z' + number * interval '60 seconds',
             timestamptz '2024-01-01 00:10:00Z' + number * interval '60 seconds',
             array['stage:prod', 'team:t' || number % 20], 24, 's3://input/' || number, 's3://output/',
             'us-east-1', '{}', 1, number, now(), now(), now()
        from generate_series(1, :count) as number
      """;

  @TempDir private Path data;

  @Test
  void theListOfAMillionJobs() throws Exception {
    try (Database database = TestDatabase.create();
        Wiring wiring = start(database);
        HttpClient http = HttpClient.newHttpClient()) {
      RunningService service = wiring.service();
      database
          .jdbi()
          .useHandle(
              handle -> {
                handle
                    .createUpdate(FILL)
                    .bind("account", service.account())
                    .bind("count", JOBS)
                    .execute();
                handle.execute("vacuum analyze catalog_store.aws_bedrock_model_invocation_job");
              });
      String cookie = logIn(http, service);
      System.out.printf("| page | KB | median ms | slowest of %d |%n", ROUNDS);
      for (String path :
          new String[] {
            "/jobs",
            "/jobs?after=2024-06-01T00:00:00Z/arn",
            "/jobs?q=status:Failed",
            "/jobs?q=team:t7",
            "/jobs?q=nightly-123456",
            "/jobs?q=status:Failed+team:t7+after:2024-03-01",
            "/jobs/facets",
            "/"
          }) {
        measure(http, service, cookie, path);
      }
      inABrowser(service, database);
    }
  }

  private static final String CHANGE =
      """
      update ledger.shard
         set success = success + 1
       where job_id = :job
      """;

  /** First paint, bytes, and how long a change takes to be seen in an open page. */
  private static void inABrowser(RunningService service, Database database) throws Exception {
    String job =
        FiftyJobs.writeTo(database.jdbi(), service.account(), Instant.now())
            .get(JobStatus.IN_PROGRESS);
    Map<String, Object> plan =
        Map.of("url", service.api(), "link", link(service), "job", String.valueOf(job));
    BrowserDrive.run(
            "paint.mjs",
            plan,
            wish ->
                database
                    .jdbi()
                    .useHandle(handle -> handle.createUpdate(CHANGE).bind("job", job).execute()))
        .forEach(fact -> System.out.printf("%s: %s%n", fact.name(), fact.detail()));
  }

  private static String link(RunningService service) {
    return LoginLinks.make(
        service.api(), service.account(), service.secretAccessKey(), Instant.now(), new Random());
  }

  private Wiring start(Database database) {
    return Wiring.start(
        SettingsReader.read(
            null,
            Map.of(),
            Map.of(
                "data",
                data.toString(),
                "listen",
                "127.0.0.1:0",
                "s3.listen",
                "127.0.0.1:0",
                "database.url",
                database.address().url())));
  }

  private static String logIn(HttpClient http, RunningService service) throws Exception {
    String url = link(service);
    HttpResponse<String> entered =
        http.send(
            HttpRequest.newBuilder(URI.create(service.api() + "/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(url.substring(url.indexOf("link="))))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    String cookie = entered.headers().firstValue("Set-Cookie").orElseThrow();
    return cookie.substring(0, cookie.indexOf(';'));
  }

  private static void measure(HttpClient http, RunningService service, String cookie, String path)
      throws Exception {
    long[] nanos = new long[ROUNDS];
    int bytes = 0;
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      long began = System.nanoTime();
      String page =
          http.send(
                  HttpRequest.newBuilder(URI.create(service.api() + path))
                      .timeout(Duration.ofMinutes(1))
                      .header("Cookie", cookie)
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      if (round >= 0) {
        nanos[round] = System.nanoTime() - began;
      }
      bytes = page.getBytes(StandardCharsets.UTF_8).length;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "| `%s` | %.1f | %.1f | %.1f |%n",
        path, bytes / 1024.0, nanos[ROUNDS / 2] / 1e6, nanos[ROUNDS - 1] / 1e6);
  }
}
