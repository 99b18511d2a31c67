package bedload.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.catalog.Catalog;
import bedload.catalog.OwnSources;
import bedload.catalog.ResourceTypes;
import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobSpec;
import bedload.job.ModelInvocationType;
import bedload.job.S3Uri;
import bedload.ledger.Ledger;
import bedload.ledger.Steps;
import bedload.ledger.SubmitResult;
import bedload.ledger.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every step of an own job reaches the catalog, once. */
class OwnJobsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

  private final Database database = TestDatabase.create();
  private final InstantSource clock = InstantSource.fixed(NOW);
  private final Ledger ledger = new Ledger(database.jdbi(), clock, new Random(1));
  private final Steps steps = new Steps(database.jdbi(), clock);
  private final OwnJobs collector =
      new OwnJobs(
          database.jdbi(),
          Catalog.open(database.jdbi(), ResourceTypes.builtIn()),
          new OwnSources(database.jdbi(), clock));

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void jobIsARowAfterItsFirstStepAndFollowsEveryNext() {
    Job job = submit("labels");
    assertThat(collector.step()).isEqualTo(1);
    assertThat(rows())
        .containsExactly(
            job.arn() + " Submitted 2026-03-01 12:00:00.123 s3://in/records.jsonl {team:ml}");

    steps.beginValidating(job.id());
    assertThat(collector.step()).isEqualTo(1);
    assertThat(rows()).singleElement().asString().contains(" Validating ");

    assertThat(collector.step()).isZero();
    assertThat(versions()).containsExactly("1 Submitted", "2 Validating");
  }

  @Test
  void stepsThatWereNotTakenInTimeAreTakenInTheirOrder() {
    Job job = submit("labels");
    steps.beginValidating(job.id());

    assertThat(collector.step()).isEqualTo(2);

    assertThat(versions()).containsExactly("1 Submitted", "2 Validating");
  }

  @Test
  void changedTagsAreAVersionOfTheirOwn() {
    Job job = submit("labels");
    collector.step();

    new Tags(database.jdbi(), clock)
        .put(AccountId.DEFAULT, "us-east-1", job.id(), Map.of("stage", "live"));

    assertThat(collector.step()).isEqualTo(1);
    assertThat(rows()).singleElement().asString().endsWith("{stage:live,team:ml}");
    assertThat(versions()).containsExactly("1 Submitted", "2 Submitted");
  }

  @Test
  void stepThatTheCatalogCouldNotWriteIsTakenAgain() {
    submit("labels");
    rename("aws_bedrock_model_invocation_job", "away");
    assertThatThrownBy(collector::step).hasMessageContaining("does not exist");
    assertThat(rows()).isEmpty();

    rename("away", "aws_bedrock_model_invocation_job");
    assertThat(collector.step()).isEqualTo(1);
    assertThat(rows()).hasSize(1);
  }

  @Test
  void nodesThatCollectTogetherTakeEachStepOnce() throws Exception {
    for (int i = 0; i < 250; i++) {
      submit("job-" + i);
    }
    List<Future<Integer>> taken = new ArrayList<>();
    try (ExecutorService nodes = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 12; i++) {
        taken.add(nodes.submit(collector::step));
      }
    }
    int sum = 0;
    for (Future<Integer> step : taken) {
      sum += step.get();
    }

    assertThat(sum).isEqualTo(250);
    assertThat(rows()).hasSize(250);
    assertThat(versions()).hasSize(250);
  }

  @Test
  void freshnessIsTheTimeOfTheOldestStepThatIsNotThereAndElseNow() {
    Catalog catalog = Catalog.open(database.jdbi(), ResourceTypes.builtIn());
    catalog.admit(AccountId.DEFAULT.value(), "secret");
    catalog.admit("111122223333", "secret");
    OwnSources sources = new OwnSources(database.jdbi(), clock);
    sources.declare(AccountId.DEFAULT.value(), "us-east-1");

    assertThat(sources.seenBy(AccountId.DEFAULT.value()))
        .singleElement()
        .satisfies(
            own -> {
              assertThat(own.lastSuccessAt()).isAfter(NOW);
              assertThat(own.lastAttemptAt()).isNull();
              assertThat(own.isRunning()).isFalse();
              assertThat(own.error()).isNull();
            });
    assertThat(sources.seenBy("111122223333")).isEmpty();

    Job job = submit("labels");
    submit("more labels");
    assertThat(sources.seenBy(AccountId.DEFAULT.value()))
        .singleElement()
        .satisfies(
            own -> {
              assertThat(own.lastSuccessAt()).isEqualTo(NOW);
              assertThat(own.isRunning()).isTrue();
              assertThat(own.error()).startsWith("2 steps of jobs are not in the catalog");
            });

    collector.step();
    assertThat(newChangedAndUnchanged(sources)).containsExactly(2, 0, 0);
    steps.beginValidating(job.id());
    collector.step();
    assertThat(newChangedAndUnchanged(sources)).containsExactly(0, 1, 0);
    assertThat(sources.seenBy(AccountId.DEFAULT.value()))
        .singleElement()
        .satisfies(
            own -> {
              assertThat(own.lastSuccessAt()).isAfter(NOW);
              assertThat(own.lastAttemptAt()).isEqualTo(NOW);
              assertThat(own.error()).isNull();
            });
  }

  private static List<Integer> newChangedAndUnchanged(OwnSources sources) {
    OwnSources.Status own = sources.seenBy(AccountId.DEFAULT.value()).getFirst();
    return List.of(own.newRows(), own.changedRows(), own.unchangedRows());
  }

  private Job submit(String name) {
    JobSpec spec =
        new JobSpec(
            name,
            "arn:aws:iam::000000000000:role/batch",
            "amazon.titan-embed-text-v2:0",
            ModelInvocationType.INVOKE_MODEL,
            new JobSpec.Input(S3Uri.parse("s3://in/records.jsonl"), null, AccountId.DEFAULT),
            new JobSpec.Output(S3Uri.parse("s3://out/"), null, AccountId.DEFAULT),
            null,
            null,
            Duration.ofHours(24),
            Map.of("team", "ml"));
    SubmitResult result = ledger.submit(AccountId.DEFAULT, "us-east-1", spec);
    return ((SubmitResult.Submitted) result).job();
  }

  private List<String> rows() {
    return texts(
        """
        select job_arn || ' ' || status || ' ' || (submit_time at time zone 'UTC') || ' '
               || (input_data_config).s3_input_data_config.s3_uri || ' ' || tags::text
          from catalog.aws_bedrock_model_invocation_job
        """);
  }

  private List<String> versions() {
    return texts(
        """
        select revision || ' ' || status
          from catalog.aws_bedrock_model_invocation_job_history
         order by revision
        """);
  }

  private void rename(String from, String to) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute("alter table catalog_store.%s rename to %s".formatted(from, to)));
  }

  private List<String> texts(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }
}
