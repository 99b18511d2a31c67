package bedload.model;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.model.body.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What docs/models.md names as shown by a test is there. */
class ModelsPageTest {
  private static final Path TESTS = Path.of("src/test/java");
  private static final Path GOLDEN = Path.of("src/test/resources/bedload/model/golden");
  private static final Pattern NAMED = Pattern.compile("`([^`]+)`");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
  private static final Pattern CASE = Pattern.compile("(error: )?`([a-z0-9-]+)`");

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/models.md"));
  }

  /** Returns the cells of the rows that begin with one family's name and name cases. */
  private static List<String[]> rowsOfCases() throws IOException {
    String tested = page().substring(page().indexOf("## What is tested"));
    return tested
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("\\|"))
        .filter(cells -> familyOf(cells).isPresent())
        .toList();
  }

  private static Optional<Family> familyOf(String[] cells) {
    return NAMED
        .matcher(cells[1])
        .results()
        .findFirst()
        .flatMap(name -> Family.ofWireName(name.group(1)));
  }

  @Test
  void everyTestThatThePageNamesExists() throws IOException {
    List<MatchResult> named = TEST.matcher(page()).results().toList();
    assertThat(named).hasSizeGreaterThan(10);
    for (MatchResult test : named) {
      String source = source(test.group(1));
      if (test.group(2) != null) {
        assertThat(source).contains("void " + test.group(2) + "(");
      }
    }
  }

  private static String source(String test) throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      Optional<Path> file = files.filter(each -> each.endsWith(test + ".java")).findFirst();
      assertThat(file).as(test).isPresent();
      return Files.readString(file.orElseThrow());
    }
  }

  @Test
  void everyFamilyHasItsRowAndEveryCaseItsFile() throws IOException {
    List<String[]> rows = rowsOfCases();
    assertThat(rows.stream().map(cells -> familyOf(cells).orElseThrow()))
        .containsExactlyInAnyOrder(Family.values());
    for (String[] cells : rows) {
      Family family = familyOf(cells).orElseThrow();
      for (String cell : Arrays.copyOfRange(cells, 2, cells.length)) {
        for (MatchResult named : CASE.matcher(cell).results().toList()) {
          Path file = GOLDEN.resolve(family.wireName()).resolve(named.group(2) + ".json");
          assertThat(file).exists();
          if (named.group(1) != null) {
            assertThat(JsonMapper.shared().readTree(Files.readString(file)).has("error"))
                .as("%s shows an error", file)
                .isTrue();
          }
        }
      }
    }
  }
}
