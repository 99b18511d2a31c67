package bedload.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference in docs says what the schema files say. */
class CatalogReferenceTest {
  private static final Path PAGE = Path.of("docs", "catalog.md");

  /** Set to write the page instead of comparing it. */
  private static final String WRITE = "BEDLOAD_WRITE_REFERENCE";

  @Test
  void pageIsWhatTheSchemaFilesSay() throws IOException {
    String wanted = CatalogReference.of(ResourceTypes.builtIn());
    if (System.getenv(WRITE) != null) {
      Files.writeString(PAGE, wanted);
    }

    assertThat(Files.readString(PAGE))
        .as(
            "docs/catalog.md; write it anew with %s=1 ./mvnw test -Dtest=CatalogReferenceTest",
            WRITE)
        .isEqualTo(wanted);
  }

  @Test
  void everyColumnFieldAndPermissionIsOnIt() {
    String page = CatalogReference.of(ResourceTypes.builtIn());

    for (ResourceType type : ResourceTypes.builtIn()) {
      assertThat(page).contains("## " + type.table() + "\n");
      type.storedColumns()
          .forEach(column -> assertThat(page).contains("| `" + column.dotted() + "` |"));
      type.collect()
          .permissions()
          .forEach(permission -> assertThat(page).contains("\"" + permission + "\""));
    }
  }
}
