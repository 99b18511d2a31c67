package bedload.catalog;

import static bedload.catalog.SampleJobs.ACCOUNT;
import static bedload.catalog.SampleJobs.OTHER_ACCOUNT;
import static bedload.catalog.SampleJobs.SUBMITTED;
import static bedload.catalog.SampleJobs.TYPE;
import static bedload.catalog.SampleJobs.document;
import static bedload.catalog.SampleJobs.inNetwork;
import static bedload.catalog.SampleJobs.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.database.Database;
import bedload.database.TestDatabase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is observed is what the documented table shows. */
class CatalogTest {
  private final Database database = TestDatabase.create();
  private final JsonMapper json = JsonMapper.builder().build();
  private Catalog catalog;

  @BeforeEach
  void open() {
    catalog = Catalog.open(database.jdbi(), ResourceTypes.builtIn());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void documentBecomesARowWithNestedStructs() {
    assertThat(catalog.record(observation(inNetwork(document(ACCOUNT, "a", "InProgress")), 1)))
        .isEqualTo(Recorded.NEW);

    assertThat(row())
        .isEqualTo(
            json.readTree(
                """
                {"account_id": "000000000000", "client_request_token": "token-a", "end_time": null,
                 "input_data_config": {"s3_input_data_config": {"s3_bucket_owner": "000000000000",
                   "s3_input_format": null, "s3_uri": "s3://in/a.jsonl"}},
                 "job_arn": "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/a",
                 "job_expiration_time": "2026-03-02T12:00:00.123+00:00", "job_name": "nightly-a",
                 "last_modified_time": "2026-03-01T12:00:01.123+00:00", "message": null,
                 "model_id": "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0",
                 "output_data_config": {"s3_output_data_config": {"s3_bucket_owner": null,
                   "s3_encryption_key_id": null, "s3_uri": "s3://out/a/"}},
                 "role_arn": "arn:aws:iam::000000000000:role/batch", "status": "InProgress",
                 "submit_time": "2026-03-01T12:00:00.123+00:00", "tags": ["team:search"],
                 "timeout_duration_in_hours": 24,
                 "vpc_config": {"security_group_ids": [], "subnet_ids": ["subnet-a", "subnet-b"]}}
                """));
  }

  @Test
  void structThatWasNotSentIsNull() {
    catalog.record(observation(document(ACCOUNT, "a", "InProgress"), 1));

    assertThat(row().get("vpc_config").isNull()).isTrue();
    assertThat(texts("select (vpc_config)::text from catalog.aws_bedrock_model_invocation_job"))
        .containsOnlyNulls();
  }

  @Test
  void writtenTwiceIsWrittenOnce() {
    ResourceObservation observation = observation(document(ACCOUNT, "a", "InProgress"), 5);

    assertThat(catalog.record(observation)).isEqualTo(Recorded.NEW);
    List<String> before = everything();
    assertThat(catalog.record(observation)).isEqualTo(Recorded.STALE);

    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void olderObservationNeverOverwritesANewerOne() {
    catalog.record(observation(document(ACCOUNT, "a", "Completed"), 9));
    List<String> before = everything();

    assertThat(catalog.record(observation(document(ACCOUNT, "a", "InProgress"), 8)))
        .isEqualTo(Recorded.STALE);

    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void newerObservationOfTheSameMakesNoVersion() {
    catalog.record(observation(inNetwork(document(ACCOUNT, "a", "Completed")), 1));
    Map<String, Object> reordered = inNetwork(document(ACCOUNT, "a", "Completed"));
    reordered.put(
        "vpcConfig",
        Map.of("subnetIds", List.of("subnet-a", "subnet-b"), "securityGroupIds", List.of()));

    assertThat(catalog.record(observation(reordered, 2))).isEqualTo(Recorded.SAME);

    assertThat(versions()).containsExactly("1 Completed 1..");
  }

  @Test
  void everyVersionIsKeptWithTheTimeThatItHeld() {
    catalog.record(observation(document(ACCOUNT, "a", "Submitted"), 1));
    assertThat(catalog.record(observation(document(ACCOUNT, "a", "InProgress"), 4)))
        .isEqualTo(Recorded.CHANGED);
    catalog.record(observation(document(ACCOUNT, "a", "InProgress"), 6));
    catalog.record(observation(document(ACCOUNT, "a", "Completed"), 9));

    assertThat(versions())
        .containsExactly("1 Submitted 1..4", "2 InProgress 4..9", "3 Completed 9..");
  }

  @Test
  void tagsThatTheSourceCouldNotTellStay() {
    catalog.record(observation(document(ACCOUNT, "a", "InProgress"), Map.of("team", "ml"), 1));
    ResourceObservation ended = observation(document(ACCOUNT, "a", "Completed"), 2);

    catalog.record(
        new ResourceObservation(
            TYPE, ACCOUNT, ended.region(), ended.document(), null, 2, ended.observedAt()));
    assertThat(row().get("tags").toString()).isEqualTo("[\"team:ml\"]");

    catalog.record(observation(document(ACCOUNT, "a", "Completed"), Map.of(), 3));
    assertThat(row().get("tags").toString()).isEqualTo("[]");
  }

  @Test
  void tagKeyWithAColonIsKeptWithoutLoss() {
    catalog.record(
        observation(
            document(ACCOUNT, "a", "InProgress"),
            Map.of("cost:center", "7", "cost", "center:7"),
            1));

    assertThat(row().get("tags").toString()).isEqualTo("[\"cost:center:7\"]");
    assertThat(texts("select _tag_map::text from catalog_store.aws_bedrock_model_invocation_job"))
        .containsExactly("{\"cost\": \"center:7\", \"cost:center\": \"7\"}");
  }

  @Test
  void tagsThatLookLikeThePartsOfAnArrayStayTexts() {
    catalog.record(
        observation(
            document(ACCOUNT, "a", "Submitted"),
            Map.of("a", "NULL", "b", "{x,y}", "c", "\"q\" and \\", "d", ""),
            1));

    assertThat(row().get("tags").toString())
        .isEqualTo("[\"a:NULL\",\"b:{x,y}\",\"c:\\\"q\\\" and \\\\\",\"d:\"]");
  }

  @Test
  void manyAreWrittenAsTheyWouldBeOneByOne() {
    catalog.record(observation(document(ACCOUNT, "changed", "Submitted"), 1));
    catalog.record(observation(document(ACCOUNT, "same", "Completed"), 1));
    catalog.record(observation(document(ACCOUNT, "stale", "Completed"), 9));

    RecordedCounts counts =
        database
            .jdbi()
            .inTransaction(
                handle ->
                    catalog.recordAll(
                        handle,
                        List.of(
                            observation(document(ACCOUNT, "twice", "Submitted"), 2),
                            observation(document(ACCOUNT, "changed", "Completed"), 2),
                            observation(document(ACCOUNT, "same", "Completed"), 2),
                            observation(document(ACCOUNT, "stale", "Submitted"), 2),
                            observation(document(ACCOUNT, "twice", "Completed"), 3))));

    assertThat(counts).isEqualTo(new RecordedCounts(1, 2, 1, 1));
    List<String> versions =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            """
                            select concat_ws(' ', job_name, status, revision,
                                     case when valid_to is null then 'stands' end, changed)
                              from catalog.aws_bedrock_model_invocation_job_history
                             order by job_name, revision
                            """)
                        .mapTo(String.class)
                        .list());
    assertThat(versions)
        .containsExactly(
            "nightly-changed Submitted 1",
            "nightly-changed Completed 2 stands {status}",
            "nightly-same Completed 1 stands",
            "nightly-stale Completed 1 stands",
            "nightly-twice Submitted 1",
            "nightly-twice Completed 2 stands {status}");
  }

  @Test
  void whatPostgresCannotKeepIsReplacedNotRefused() {
    Map<String, Object> document = document(ACCOUNT, "a", "Failed");
    document.put("message", "nul \u0000, half a pair \ud83d, a whole one \ud83d\ude00");

    catalog.record(observation(document, Map.of("k\u0000", "v"), 1));

    assertThat(texts("select message from catalog_store.aws_bedrock_model_invocation_job"))
        .containsExactly("nul \ufffd, half a pair \ufffd, a whole one \ud83d\ude00");
  }

  @Test
  void timesComeAsTextsAndAsSecondsToo() {
    Map<String, Object> document = document(ACCOUNT, "a", "Completed");
    document.put("submitTime", "2026-03-01T13:00:00.123456+01:00");
    document.put("endTime", 1_772_366_400.25);

    catalog.record(observation(document, 1));

    assertThat(row().get("submit_time").stringValue()).isEqualTo("2026-03-01T12:00:00.123+00:00");
    assertThat(row().get("end_time").stringValue()).isEqualTo("2026-03-01T12:00:00.25+00:00");
  }

  @Test
  void documentThatDoesNotFitIsRefusedByName() {
    Map<String, Object> wrong = document(ACCOUNT, "a", "Completed");
    wrong.put("timeoutDurationInHours", "24");
    assertThatThrownBy(() -> catalog.record(observation(wrong, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Column timeout_duration_in_hours is a INT32, what came is a String: 24");

    Map<String, Object> flat = document(ACCOUNT, "a", "Completed");
    flat.put("inputDataConfig", "s3://in/a.jsonl");
    assertThatThrownBy(() -> catalog.record(observation(flat, 1)))
        .hasMessageContaining("Column input_data_config is a STRUCT");

    Map<String, Object> keyless = new HashMap<>(document(ACCOUNT, "a", "Completed"));
    keyless.remove("jobArn");
    assertThatThrownBy(
            () ->
                catalog.record(
                    new ResourceObservation(TYPE, ACCOUNT, "r", keyless, null, 1, SUBMITTED)))
        .hasMessageContaining("without its key job_arn");
  }

  @Test
  void writersOfOneRowInAnyOrderLeaveTheNewestAndOneOpenVersion() throws Exception {
    List<Long> versions = new ArrayList<>(LongStream.rangeClosed(1, 60).boxed().toList());
    Collections.shuffle(versions, new Random(7));
    List<Future<Recorded>> written = new ArrayList<>();
    try (ExecutorService writers = Executors.newFixedThreadPool(6)) {
      for (long version : versions) {
        written.add(
            writers.submit(
                () ->
                    catalog.record(
                        observation(document(OTHER_ACCOUNT, "a", "s" + version), version))));
      }
    }
    for (Future<Recorded> future : written) {
      assertThat(future.get()).isIn(Recorded.NEW, Recorded.CHANGED, Recorded.STALE);
    }

    assertThat(texts("select status from catalog.aws_bedrock_model_invocation_job"))
        .containsExactly("s60");
    assertThat(versions().stream().filter(version -> version.endsWith("..")).toList())
        .singleElement()
        .asString()
        .contains(" s60 60..");
  }

  /** Databases of former times kept the version that stands in the history as well. */
  @Test
  void versionsThatStandInAHistoryOfOldAreTakenOutOfIt() {
    catalog.record(observation(document(ACCOUNT, "a", "Submitted"), 1));
    catalog.record(observation(document(ACCOUNT, "a", "InProgress"), 4));
    catalog.record(observation(document(ACCOUNT, "b", "Submitted"), 2));
    List<String> versions = everyVersion();
    List<String> ended = ended();
    database
        .jdbi()
        .useHandle(
            handle -> {
              String history = "catalog_store.aws_bedrock_model_invocation_job_history";
              String columns =
                  handle
                      .createQuery(
                          """
                          select string_agg(quote_ident(attname), ', ')
                            from pg_attribute
                           where attrelid = :table::regclass and attnum > 0 and attname <> '_valid_to'
                          """)
                      .bind("table", history)
                      .mapTo(String.class)
                      .one();
              handle.execute("alter table %s alter _valid_to drop not null".formatted(history));
              handle.execute(
                  "insert into %1$s (%2$s) select %2$s from catalog_store.aws_bedrock_model_invocation_job"
                      .formatted(history, columns));
              handle.execute(
                  """
                  alter table catalog_store.aws_bedrock_model_invocation_job
                    drop column _valid_from cascade, drop column _changed cascade
                  """);
            });

    catalog = Catalog.open(database.jdbi(), ResourceTypes.builtIn());

    assertThat(everyVersion()).isEqualTo(versions).hasSize(3);
    assertThat(ended()).isEqualTo(ended).hasSize(1);
    catalog.record(observation(document(ACCOUNT, "a", "Completed"), 9));
    assertThat(everyVersion()).hasSize(4);
  }

  private List<String> everyVersion() {
    return texts(
        """
        select version::text
          from catalog.aws_bedrock_model_invocation_job_history as version
         order by job_arn, revision
        """);
  }

  private List<String> ended() {
    return texts(
        """
        select job_name || _revision
          from catalog_store.aws_bedrock_model_invocation_job_history
        """);
  }

  private JsonNode row() {
    return json.readTree(
        texts("select to_jsonb(job)::text from catalog.aws_bedrock_model_invocation_job as job")
            .getFirst());
  }

  private List<String> everything() {
    List<String> all =
        texts("select job::text from catalog_store.aws_bedrock_model_invocation_job as job");
    all.addAll(
        texts(
            "select old::text from catalog_store.aws_bedrock_model_invocation_job_history as old"));
    return all;
  }

  private List<String> versions() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select revision || ' ' || status || ' '
                               || extract(epoch from valid_from - :start)::int || '..'
                               || coalesce(extract(epoch from valid_to - :start)::int::text, '')
                          from catalog.aws_bedrock_model_invocation_job_history
                         order by revision
                        """)
                    .bind("start", SUBMITTED)
                    .mapTo(String.class)
                    .list());
  }

  private List<String> texts(String sql) {
    return database
        .jdbi()
        .withHandle(
            handle -> {
              handle.execute("set timezone to 'UTC'");
              return new ArrayList<>(handle.createQuery(sql).mapTo(String.class).list());
            });
  }
}
