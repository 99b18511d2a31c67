package bedload.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.DocumentedTable.Entry;
import bedload.database.Database;
import bedload.database.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** The table is the documented one: every column and field by name, order, type and nesting. */
class DocumentedTableTest {
  private static final Map<String, String> DOCUMENTED_TYPES =
      Map.of(
          "text", "STRING",
          "timestamp with time zone", "TIMESTAMP",
          "integer", "INT32",
          "bigint", "INT64",
          "boolean", "BOOLEAN",
          "text[]", "UNORDERED_LIST_STRING");

  private static final String COLUMNS =
      """
      select attname, format_type(atttypid, atttypmod) as type, typrelid
        from pg_attribute
        join pg_type on pg_type.oid = atttypid
       where attrelid = cast(:relation as oid)
         and attnum > 0
         and not attisdropped
       order by attnum
      """;

  @Test
  void listOfTheTestsIsThatOfTheDocumentedPage() {
    assertThat(DocumentedTable.listed()).hasSize(27);
    DocumentedTable.page()
        .ifPresent(page -> assertThat(DocumentedTable.listed()).containsExactlyElementsOf(page));
  }

  @Test
  void schemaFileNamesWhatTheDocumentationNames() {
    List<Entry> entries = new ArrayList<>();
    ofFile("", SampleJobs.TYPE.columns(), entries);

    assertThat(entries).containsExactlyElementsOf(DocumentedTable.listed());
  }

  @Test
  void viewShowsWhatTheDocumentationNames() {
    List<Entry> entries = new ArrayList<>();
    try (Database database = TestDatabase.create()) {
      Catalog.open(database.jdbi(), ResourceTypes.builtIn());
      database
          .jdbi()
          .useHandle(
              handle -> {
                long view =
                    handle
                        .createQuery(
                            "select 'catalog.aws_bedrock_model_invocation_job'::regclass::oid::bigint")
                        .mapTo(long.class)
                        .one();
                ofDatabase(handle, "", view, entries);
              });
    }

    // PostgreSQL knows nothing of provider names.
    assertThat(entries)
        .containsExactlyElementsOf(
            DocumentedTable.listed().stream()
                .map(entry -> new Entry(entry.path(), entry.type(), "-"))
                .toList());
  }

  @Test
  void descriptionsAreThereAndStatusHasItsTenValues() {
    Column.Leaf status =
        SampleJobs.TYPE.columns().stream()
            .filter(column -> column.name().equals("status"))
            .map(Column.Leaf.class::cast)
            .findFirst()
            .orElseThrow();

    assertThat(status.values())
        .hasSize(10)
        .allSatisfy(value -> assertThat(value.description()).isNotBlank());
    assertThat(status.values().stream().map(Column.NamedValue::value))
        .containsAll(SampleJobs.TYPE.terminal().values());
  }

  private static void ofFile(String prefix, List<Column> columns, List<Entry> into) {
    for (Column column : columns) {
      String path = prefix + column.name();
      String provider =
          switch (column.origin()) {
            case Origin.Member member -> member.name();
            case Origin.Account _, Origin.Tags _ -> "-";
          };
      into.add(new Entry(path, column.documentedType(), provider));
      if (column instanceof Column.Struct struct) {
        ofFile(path + ".", struct.fields(), into);
      }
    }
  }

  private record Attribute(String name, String type, long struct) {}

  private static void ofDatabase(Handle handle, String prefix, long relation, List<Entry> into) {
    List<Attribute> attributes =
        handle
            .createQuery(COLUMNS)
            .bind("relation", relation)
            .map(
                (row, context) ->
                    new Attribute(
                        row.getString("attname"), row.getString("type"), row.getLong("typrelid")))
            .list();
    for (Attribute attribute : attributes) {
      String path = prefix + attribute.name();
      if (attribute.struct() == 0) {
        String type = DOCUMENTED_TYPES.getOrDefault(attribute.type(), attribute.type());
        into.add(new Entry(path, type, "-"));
      } else {
        into.add(new Entry(path, "STRUCT", "-"));
        ofDatabase(handle, path + ".", attribute.struct(), into);
      }
    }
  }
}
