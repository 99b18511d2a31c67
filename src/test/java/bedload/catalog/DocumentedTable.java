package bedload.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The columns and fields that the documentation of a table names, in its order. */
final class DocumentedTable {
  private static final String LIST = "documented/aws_bedrock_model_invocation_job.columns";
  private static final Path PAGE = Path.of("..", "shared", "spec", "000_2c7220bd8f9b382d.txt");
  private static final Pattern HEADING = Pattern.compile("## `(\\w+)`.*");
  private static final Pattern TYPE =
      Pattern.compile("\\*\\*Type\\*\\*: `(\\w+)`(?:\\*\\*Provider name\\*\\*: `(\\w+)`)?.*");
  private static final Pattern FIELD = Pattern.compile("( *)- `(\\w+)`(\\*\\*Type\\*\\*.*)");

  private DocumentedTable() {}

  /**
   * A column, or a field by its dotted path.
   *
   * @param providerName a dash where the documentation names none
   */
  record Entry(String path, String type, String providerName) {
    static Entry of(String path, String type, @Nullable String providerName) {
      return new Entry(path, type, providerName == null ? "-" : providerName);
    }
  }

  /** Returns what the list kept beside the tests says. */
  static List<Entry> listed() {
    try (InputStream in = DocumentedTable.class.getClassLoader().getResourceAsStream(LIST)) {
      if (in == null) {
        throw new IllegalStateException("There is no " + LIST + " among the tests' resources");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", -1))
          .map(words -> new Entry(words[0], words[1], words[2]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what the documented page says; empty where the page is not at hand. */
  static Optional<List<Entry>> page() {
    if (!Files.exists(PAGE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(Files.readAllLines(PAGE)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Entry> parse(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    List<String> path = new ArrayList<>();
    for (String line : lines) {
      Matcher heading = HEADING.matcher(line);
      Matcher type = TYPE.matcher(line);
      Matcher field = FIELD.matcher(line);
      if (heading.matches()) {
        path = new ArrayList<>(List.of(heading.group(1)));
      } else if (type.matches()) {
        entries.add(Entry.of(path.getFirst(), type.group(1), type.group(2)));
      } else if (field.matches()) {
        int depth = 1 + field.group(1).length() / 2;
        path = new ArrayList<>(path.subList(0, depth));
        path.add(field.group(2));
        Matcher ofField = TYPE.matcher(field.group(3));
        if (!ofField.matches()) {
          throw new IllegalStateException("A field without a type: " + line);
        }
        entries.add(Entry.of(String.join(".", path), ofField.group(1), ofField.group(2)));
      }
    }
    return entries;
  }
}
