package bedload.collect;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.Catalog;
import bedload.catalog.ResourceTypes;
import bedload.catalog.Sources;
import bedload.catalog.SyncOutcome;
import bedload.collect.ProviderReply.Answer;
import bedload.collect.ProviderReply.Refused;
import bedload.database.Database;
import bedload.database.TestDatabase;
import bedload.job.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Types that no line of code knows are collected by what their files say. */
class TypesByFileTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String ARN =
      "arn:aws:bedrock:us-east-1:111122223333:model-customization-job/amazon.nova/abc";

  /** What two operations answer, and that there are no others. */
  private static final class TwoTypes implements Provider {
    @Override
    public ProviderReply call(String service, String operation, Map<String, ?> members) {
      return switch (operation) {
        case "ListFoundationModels" ->
            new Answer(
                Map.of(
                    "modelSummaries",
                    List.of(
                        Map.of(
                            "modelArn",
                            "arn:aws:bedrock:us-east-1::foundation-model/a.b",
                            "modelId",
                            "a.b",
                            "providerName",
                            "A",
                            "outputModalities",
                            List.of("TEXT", "EMBEDDING"),
                            "responseStreamingSupported",
                            true,
                            "modelLifecycle",
                            Map.of("status", "LEGACY")))));
        case "ListModelCustomizationJobs" ->
            new Answer(
                Map.of(
                    "modelCustomizationJobSummaries",
                    List.of(Map.of("jobArn", ARN, "jobName", "tune", "creationTime", NOW))));
        case "GetModelCustomizationJob" ->
            new Answer(
                Map.of(
                    "jobArn",
                    members.get("jobIdentifier"),
                    "jobName",
                    "tune",
                    "status",
                    "InProgress",
                    "creationTime",
                    NOW,
                    "outputDataConfig",
                    Map.of("s3Uri", "s3://out/"),
                    "statusDetails",
                    Map.of("trainingDetails", Map.of("status", "InProgress"))));
        case "ListTagsForResource" ->
            new Answer(Map.of("tags", List.of(Map.of("key", "team", "value", "ml"))));
        default -> new Refused("UnknownOperationException", "UnknownOperationException: no");
      };
    }

    @Override
    public void close() {}
  }

  @Test
  void rowsOfBothAreThereAndAnOperationThatTheServiceLacksIsNoTrouble() {
    try (Database database = TestDatabase.create()) {
      InstantSource clock = InstantSource.fixed(NOW);
      Catalog catalog = Catalog.open(database.jdbi(), ResourceTypes.builtIn());
      Sources sources = new Sources(database.jdbi(), clock);
      Source source =
          new Source(
              new AccountId("111122223333"),
              "us-east-1",
              new SourceAccess.Environment(),
              null,
              Duration.ofMinutes(5),
              1000);
      sources.declare("node", List.of(source.declared()));
      SyncOutcome outcome =
          new SourceSync(
                  source,
                  new TwoTypes(),
                  new CallPace(1000, System::nanoTime),
                  _ -> true,
                  new Random(1),
                  database.jdbi(),
                  catalog,
                  sources,
                  clock)
              .run(sources.claimDue("node").orElseThrow());

      assertThat(outcome.error()).isNull();
      assertThat(
              texts(
                  database,
                  """
                  select concat_ws(' ', account_id, model_id, (model_lifecycle).status, output_modalities,
                                   response_streaming_supported, tags)
                    from catalog.aws_bedrock_foundation_model
                  """))
          .containsExactly("111122223333 a.b LEGACY {EMBEDDING,TEXT} t");
      assertThat(
              texts(
                  database,
                  """
                  select concat_ws(' ', job_name, status, (output_data_config).s3_uri,
                                   (status_details).training_details.status, tags)
                    from catalog.aws_bedrock_model_customization_job
                  """))
          .containsExactly("tune InProgress s3://out/ InProgress {team:ml}");
    }
  }

  private static List<String> texts(Database database, String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }
}
