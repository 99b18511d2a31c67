package bedload.web.query;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement that a page of the documentation shows.
 *
 * @param place the page and the heading under which it stands
 * @param shown the answer that the page shows below it, as CSV; null if it shows none
 */
record DocumentedQuestion(String place, String sql, @Nullable String shown) {
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern BLOCK =
      Pattern.compile("```sql\\n(.*?)\\n```(?:\\n\\n```csv\\n(.*?)\\n```)?", Pattern.DOTALL);
  private static final Pattern COMMAND =
      Pattern.compile("bedload sql (?:--format \\w+ )?\"([^\"]+)\"");

  /** What a row of the table of features leaves out, as a reader completes it. */
  private static final Pattern SHORTENED = Pattern.compile("`…(_\\w+| from [\\w.]+)`");

  /** Returns the statements of a page's blocks of SQL; an answer belongs to the last of a block. */
  static List<DocumentedQuestion> blocks(String page) {
    String text = text(page);
    List<DocumentedQuestion> questions = new ArrayList<>();
    for (MatchResult block : BLOCK.matcher(text).results().toList()) {
      String place = place(page, text, block.start());
      List<String> statements = List.of(block.group(1).split(";\\s*(?:\\n|$)", -1));
      for (int i = 0; i < statements.size(); i++) {
        boolean isLast = i == statements.size() - 1;
        questions.add(
            new DocumentedQuestion(place, statements.get(i), isLast ? block.group(2) : null));
      }
    }
    return questions;
  }

  /** Returns what a page has {@code bedload sql} ask, but for what stands for any statement. */
  static List<DocumentedQuestion> commands(String page) {
    String text = text(page);
    List<DocumentedQuestion> questions = new ArrayList<>();
    for (MatchResult command : COMMAND.matcher(text).results().toList()) {
      if (!command.group(1).equals("…")) {
        questions.add(
            new DocumentedQuestion(place(page, text, command.start()), command.group(1), null));
      }
    }
    for (MatchResult rest : SHORTENED.matcher(text).results().toList()) {
      String sql =
          rest.group(1).startsWith("_")
              ? "select * from aws_bedrock_model_invocation_job" + rest.group(1)
              : "select *" + rest.group(1);
      questions.add(new DocumentedQuestion(place(page, text, rest.start()), sql, null));
    }
    return questions;
  }

  static String text(String page) {
    try {
      return Files.readString(Path.of(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String place(String page, String text, int position) {
    return HEADING
        .matcher(text.substring(0, position))
        .results()
        .reduce((first, second) -> second)
        .map(heading -> page + ", " + heading.group(1))
        .orElse(page);
  }

  @Override
  public String toString() {
    return place + ": " + sql.lines().findFirst().orElse("");
  }
}
