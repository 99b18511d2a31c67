package bedload.catalog;

import static bedload.catalog.SampleJobs.ACCOUNT;
import static bedload.catalog.SampleJobs.document;
import static bedload.catalog.SampleJobs.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.database.Database;
import bedload.database.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The database follows the schema files, and loses nothing on the way. */
class CatalogSchemaTest {
  private static final String FILE = "catalog/aws_bedrock_model_invocation_job.yaml";

  private final Database database = TestDatabase.create();
  private final CatalogSchema schema = new CatalogSchema(database.jdbi());

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void secondStartAppliesNothing() {
    assertThat(schema.apply(ResourceTypes.builtIn(), false))
        .contains("aws_bedrock_model_invocation_job");
    assertThat(schema.apply(ResourceTypes.builtIn(), false)).isEmpty();
  }

  @Test
  void nodesThatStartTogetherMakeEachTableOnce() throws Exception {
    List<Future<List<String>>> starts = new ArrayList<>();
    try (ExecutorService nodes = Executors.newFixedThreadPool(4)) {
      for (int node = 0; node < 4; node++) {
        starts.add(
            nodes.submit(
                () -> new CatalogSchema(database.jdbi()).apply(ResourceTypes.builtIn(), false)));
      }
    }
    List<String> applied = new ArrayList<>();
    for (Future<List<String>> start : starts) {
      applied.addAll(start.get());
    }
    assertThat(applied).doesNotHaveDuplicates().isNotEmpty();
  }

  @Test
  void viewThatSomebodyDroppedComesBack() {
    schema.apply(ResourceTypes.builtIn(), false);
    run("drop view catalog.aws_bedrock_model_invocation_job cascade");

    assertThat(schema.apply(ResourceTypes.builtIn(), false))
        .containsExactly("aws_bedrock_model_invocation_job");
  }

  @Test
  void addedColumnAndFieldAppearWhereTheFileHasThemAndRowsStay() {
    Catalog catalog = Catalog.open(database.jdbi(), ResourceTypes.builtIn());
    catalog.record(observation(document(ACCOUNT, "a", "Completed"), 1));
    ResourceType grown =
        changed(
            "  - name: message\n",
            """
              - name: kind
                type: STRING
                provider_name: modelInvocationType
                indexed: true
                description: Which API a record is a body of. It's new.
              - name: message
            """,
            "          - name: s3_input_format\n",
            """
                      - name: s3_dialect
                        type: INT64
                        provider_name: s3Dialect
                        description: "Made up: <nothing> like it exists."
                      - name: s3_input_format
            """);

    assertThat(schema.apply(List.of(grown), false)).hasSize(1);

    assertThat(columnsOf("aws_bedrock_model_invocation_job"))
        .containsSubsequence("last_modified_time", "kind", "message");
    assertThat(columnsOf("aws_bedrock_model_invocation_job_s3_input_data_config"))
        .containsExactly("s3_bucket_owner", "s3_dialect", "s3_input_format", "s3_uri");
    assertThat(columnsOf("catalog_store.aws_bedrock_model_invocation_job_history"))
        .contains("kind", "input_data_config__s3_input_data_config__s3_dialect");
    var document = document(ACCOUNT, "a", "Completed");
    document.put("modelInvocationType", "Converse");
    Catalog grownCatalog = Catalog.open(database.jdbi(), List.of(grown));
    ResourceObservation seen = observation(document, 2);
    assertThat(
            grownCatalog.record(
                new ResourceObservation(
                    grown, ACCOUNT, "r", document, seen.tags(), 2, seen.observedAt())))
        .isEqualTo(Recorded.CHANGED);
    assertThat(texts("select job_name || kind from catalog.aws_bedrock_model_invocation_job"))
        .containsExactly("nightly-aConverse");
  }

  @Test
  void columnThatTheFileNoLongerNamesIsKeptAndNoLongerShown() {
    Catalog.open(database.jdbi(), ResourceTypes.builtIn())
        .record(observation(document(ACCOUNT, "a", "Completed"), 1));
    ResourceType shrunk =
        changed(
            """
              - name: timeout_duration_in_hours
                type: INT32
                provider_name: timeoutDurationInHours
                description: How many hours after its submission the job may take before it times out.
            """,
            "");

    schema.apply(List.of(shrunk), false);

    assertThat(columnsOf("aws_bedrock_model_invocation_job"))
        .hasSize(16)
        .doesNotContain("timeout_duration_in_hours");
    assertThat(
            texts(
                "select timeout_duration_in_hours::text from catalog_store.aws_bedrock_model_invocation_job"))
        .containsExactly("24");
  }

  @Test
  void columnThatChangesItsTypeIsRefusedAndAllStaysAsItWas() {
    schema.apply(ResourceTypes.builtIn(), false);
    ResourceType other = changed("type: INT32", "type: STRING");

    assertThatThrownBy(() -> schema.apply(List.of(other), false))
        .isInstanceOf(SchemaFileException.class)
        .hasMessageContaining("timeout_duration_in_hours")
        .hasMessageContaining("what is stored is a integer");
    assertThat(schema.apply(ResourceTypes.builtIn(), false)).isEmpty();
  }

  @Test
  void everyColumnAndFieldIsDescribedInTheDatabase() {
    schema.apply(ResourceTypes.builtIn(), false);

    assertThat(
            texts(
                """
                select attrelid::regclass || '.' || attname
                  from pg_attribute
                  join pg_class on pg_class.oid = attrelid
                 where relnamespace = 'catalog'::regnamespace
                   and relkind in ('v', 'c')
                   and col_description(attrelid, attnum) is null
                """))
        .isEmpty();
  }

  private static ResourceType changed(String... pairs) {
    String text = file();
    for (int i = 0; i < pairs.length; i += 2) {
      assertThat(text).contains(pairs[i]);
      text = text.replace(pairs[i], pairs[i + 1]);
    }
    return ResourceTypes.read("changed.yaml", text);
  }

  static String file() {
    try (InputStream in = CatalogSchemaTest.class.getClassLoader().getResourceAsStream(FILE)) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> columnsOf(String relation) {
    return texts(
        """
        select attname
          from pg_attribute
         where attrelid = to_regclass('%s')
           and attnum > 0
         order by attnum
        """
            .formatted(relation.contains(".") ? relation : "catalog." + relation));
  }

  private List<String> texts(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private void run(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }
}
