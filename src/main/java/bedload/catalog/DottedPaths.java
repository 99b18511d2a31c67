package bedload.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A statement in which the fields of STRUCTs stand as PostgreSQL wants them: {@code a.b.c} is
 * {@code (a).b.c}, and {@code job.a.b} is {@code (job.a).b}.
 *
 * @param text the statement for PostgreSQL
 * @param inserted where characters were added, in places of {@code text}, in order
 */
public record DottedPaths(String text, List<Integer> inserted) {
  public DottedPaths {
    inserted = List.copyOf(inserted);
  }

  /** Returns the statement, written anew where a path leads into a STRUCT. */
  public static DottedPaths in(String text, StructNames structs) {
    StringBuilder written = new StringBuilder();
    List<Integer> inserted = new ArrayList<>();
    List<SqlToken> tokens = SqlToken.of(text);
    int at = 0;
    while (at < tokens.size()) {
      List<SqlToken> path = path(text, tokens, at);
      int column = path.size() > 1 ? structColumn(text, path, structs) : -1;
      if (path.isEmpty()) {
        written.append(tokens.get(at).in(text));
        at++;
        continue;
      }
      int end = path.getLast().end();
      if (column < 0 || follows(text, tokens, at, '.')) {
        written.append(text, path.getFirst().start(), end);
      } else {
        inserted.add(written.length());
        written.append('(').append(text, path.getFirst().start(), path.get(column).end());
        inserted.add(written.length());
        written.append(')').append(text, path.get(column).end(), end);
      }
      at += 2 * path.size() - 1;
    }
    return new DottedPaths(written.toString(), inserted);
  }

  /** Returns the statement as it was written, without any path in it. */
  static DottedPaths none(String text) {
    return new DottedPaths(text, List.of());
  }

  /** Says whether anything was written anew. */
  boolean areAny() {
    return !inserted.isEmpty();
  }

  /** Returns the place in the statement as its author wrote it. */
  int original(int position) {
    return position - (int) inserted.stream().filter(place -> place < position).count();
  }

  /** Returns the names that stand here with nothing but dots between them. */
  private static List<SqlToken> path(String text, List<SqlToken> tokens, int start) {
    List<SqlToken> names = new ArrayList<>();
    int at = start;
    while (at < tokens.size() && tokens.get(at).kind() == SqlToken.Kind.NAME) {
      names.add(tokens.get(at));
      if (at + 2 >= tokens.size()
          || !tokens.get(at + 1).is(text, '.')
          || tokens.get(at + 2).kind() != SqlToken.Kind.NAME) {
        break;
      }
      at += 2;
    }
    return names;
  }

  /** Returns which name of a path is a STRUCT column that the next one is a field of; or -1. */
  private static int structColumn(String text, List<SqlToken> path, StructNames structs) {
    for (int i = 0; i < path.size() - 1; i++) {
      if (structs.has(name(text, path.get(i)), name(text, path.get(i + 1)))) {
        return i;
      }
    }
    return -1;
  }

  /** A path after a dot goes on from a parenthesis: its author has written it for PostgreSQL. */
  private static boolean follows(String text, List<SqlToken> tokens, int at, char character) {
    return at > 0 && tokens.get(at - 1).is(text, character);
  }

  private static String name(String text, SqlToken token) {
    String name = token.in(text);
    return name.startsWith("\"") && name.length() > 1
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name.toLowerCase(Locale.ROOT);
  }
}
