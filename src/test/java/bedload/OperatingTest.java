package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/operating.md says that a fault looks like is what the service says. */
class OperatingTest {
  private static final Path PAGE = Path.of("docs", "operating.md");
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /** Text that stands where the service puts a name, a number or what somebody else said. */
  private static final Pattern VARYING = Pattern.compile("\\s*…\\s*");

  private static List<String> faultRows() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int begin = lines.indexOf("## What each fault looks like");
    List<String> rows = new ArrayList<>();
    for (String line : lines.subList(begin + 1, lines.size())) {
      if (line.startsWith("## ")) {
        break;
      }
      if (line.startsWith("| ") && !line.startsWith("| fault |")) {
        rows.add(line);
      }
    }
    return rows;
  }

  /** All that the service may say, in small letters: texts that are joined in the code are one. */
  private static String sayings() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      String all =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(OperatingTest::read)
              .collect(Collectors.joining("\n"));
      return small(all.replaceAll("\"\\s*\\+\\s*\"", ""));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String small(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** A metric's name as it stands in the code, without what Prometheus adds to it. */
  private static String metric(String name) {
    return name.replaceFirst("_(total|seconds)$", "").replaceFirst("_(total|seconds)$", "");
  }

  @Test
  void everyFaultLooksAsTheServiceTellsIt() throws IOException {
    List<String> rows = faultRows();
    assertThat(rows).hasSizeGreaterThan(15);
    String sayings = sayings();
    List<String> unsaid = new ArrayList<>();
    int quotes = 0;
    for (String row : rows) {
      Matcher quoted = QUOTED.matcher(row.split("\\|")[2]);
      while (quoted.find()) {
        quotes++;
        for (String words : VARYING.split(quoted.group(1))) {
          if (!isSaid(small(words), sayings)) {
            unsaid.add(words);
          }
        }
      }
    }
    assertThat(quotes).isGreaterThan(20);
    assertThat(unsaid).isEmpty();
  }

  private static boolean isSaid(String words, String sayings) {
    if (words.startsWith("bedload_")) {
      String name = metric(words);
      return sayings.contains(name) || sayings.contains(name.replace('_', '.'));
    }
    // A pause and its reason are put together.
    return Stream.of(words.split("(?<=paused:) ")).allMatch(sayings::contains);
  }
}
