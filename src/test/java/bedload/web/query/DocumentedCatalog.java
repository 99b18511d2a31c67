package bedload.web.query;

import static bedload.web.query.QueryDoor.MINE;

import bedload.catalog.ResourceObservation;
import bedload.catalog.TagRule;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.ledger.JobSpecs;
import bedload.ledger.Ledger;
import bedload.ledger.SubmitResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The catalog that the documentation's examples are asked of: there is something in it for each of
 * them to find, and next to it something that it must not find.
 */
final class DocumentedCatalog {
  private static final String JOBS = "aws_bedrock_model_invocation_job";
  private static final String TITAN =
      "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0";

  private final QueryDoor door;
  private final Instant now = Instant.now();
  private long version;

  private DocumentedCatalog(QueryDoor door) {
    this.door = door;
  }

  /** Fills an empty catalog. */
  static void fill(QueryDoor door) {
    DocumentedCatalog catalog = new DocumentedCatalog(door);
    catalog.jobs();
    catalog.ownJob();
    catalog.models();
    catalog.customModels();
    catalog.source();
    door.catalog.ruleTags(List.of(new TagRule("team", List.of("ml", "search"))));
  }

  private void jobs() {
    // Older than an hour, for what asks how it was then.
    Instant start = now.minus(Duration.ofHours(2));
    Map<String, Object> nightly = job("nightly", start);
    nightly.put(
        "vpcConfig", Map.of("subnetIds", List.of("subnet-1"), "securityGroupIds", List.of("sg-1")));
    Map<String, String> team = Map.of("team", "ml");
    record(JOBS, nightly, "Submitted", team, start);
    record(JOBS, nightly, "Validating", team, start.plusSeconds(10));
    record(JOBS, nightly, "Scheduled", team, start.plusSeconds(20));
    record(JOBS, nightly, "InProgress", team, start.plusSeconds(110));
    nightly.put("endTime", start.plusSeconds(600));
    record(JOBS, nightly, "Completed", team, start.plusSeconds(600));

    Map<String, Object> refused = job("refused", start);
    refused.put("endTime", start.plusSeconds(5));
    refused.put("message", "No record was found.");
    record(JOBS, refused, "Failed", Map.of("team", "ops"), start.plusSeconds(5));

    Map<String, Object> running = job("running", start);
    running.put(
        "inputDataConfig",
        Map.of("s3InputDataConfig", Map.of("s3Uri", "s3://my-bucket/records.jsonl")));
    record(JOBS, running, "InProgress", Map.of("team", "search"), start);
    record(JOBS, job("untagged", start), "Expired", Map.of(), start.plusSeconds(1));
  }

  /** A job that this service runs itself, begun this very month. */
  private void ownJob() {
    Ledger ledger = new Ledger(door.database.jdbi(), InstantSource.system(), new Random(1));
    Job job =
        ((SubmitResult.Submitted)
                ledger.submit(new AccountId(MINE), "us-east-1", JobSpecs.named("own")))
            .job();
    Map<String, Object> document = job("own", now);
    document.put("jobArn", job.arn());
    record(JOBS, document, "InProgress", Map.of("team", "search"), now);
    execute(
        """
        update ledger.job
           set status = 'InProgress', total = 10, input_tokens = 3000000, output_tokens = 1000000,
               input_price = 0.25, output_price = 1.5, cache_read_price = 0.025,
               cache_write_price = 0.3125
         where id = '%s'
        """,
        job);
    execute("insert into ledger.input values ('%s', 0, 's3://in/a', 'a', 9, 'e', 10)", job);
    execute(
        "insert into ledger.record_error values ('%s', 0, 7, 'r7', 429, 'busy', null, now())", job);
    execute("insert into ledger.record_error_count values ('%s', 429, 31)", job);
  }

  private void models() {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("modelArn", TITAN);
    model.put("modelId", "amazon.titan-embed-text-v2:0");
    model.put("providerName", "Amazon");
    model.put("outputModalities", List.of("EMBEDDING"));
    model.put("modelLifecycle", Map.of("status", "LEGACY"));
    record("aws_bedrock_foundation_model", model, null, now);
    model.put("modelArn", "arn:aws:bedrock:us-east-1::foundation-model/other");
    model.put("modelId", "other");
    model.put("outputModalities", List.of("TEXT"));
    model.put("modelLifecycle", Map.of("status", "ACTIVE"));
    record("aws_bedrock_foundation_model", model, null, now);
  }

  private void customModels() {
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("jobArn", "arn:aws:bedrock:us-east-1:%s:model-customization-job/one".formatted(MINE));
    job.put("jobName", "one");
    job.put("baseModelArn", TITAN);
    job.put("customizationType", "FINE_TUNING");
    job.put("creationTime", now.minusSeconds(3600));
    job.put("endTime", now);
    record("aws_bedrock_model_customization_job", job, "Completed", Map.of("team", "ml"), now);
  }

  private void source() {
    door.database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    insert into catalog_store.source (account, region, origin, every, next_at)
                    values (?, 'us-east-1', 'aws', interval '5 minutes', now())
                    """,
                    MINE));
  }

  private static Map<String, Object> job(String name, Instant submitted) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put(
        "jobArn", "arn:aws:bedrock:us-east-1:%s:model-invocation-job/%s".formatted(MINE, name));
    document.put("jobName", name);
    document.put("modelId", TITAN);
    document.put("roleArn", "arn:aws:iam::%s:role/batch".formatted(MINE));
    document.put("submitTime", submitted);
    document.put(
        "inputDataConfig", Map.of("s3InputDataConfig", Map.of("s3Uri", "s3://in/" + name)));
    document.put("outputDataConfig", Map.of("s3OutputDataConfig", Map.of("s3Uri", "s3://out/")));
    return document;
  }

  private void record(
      String table,
      Map<String, Object> document,
      String status,
      Map<String, String> tags,
      Instant at) {
    document.put("status", status);
    record(table, document, tags, at);
  }

  private void record(
      String table, Map<String, Object> document, @Nullable Map<String, String> tags, Instant at) {
    version++;
    door.catalog.record(
        new ResourceObservation(
            door.catalog.type(table), MINE, "us-east-1", Map.copyOf(document), tags, version, at));
  }

  private void execute(String sql, Job job) {
    door.database.jdbi().useHandle(handle -> handle.execute(sql.formatted(job.id().value())));
  }
}
