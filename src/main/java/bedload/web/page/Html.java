package bedload.web.page;

import com.google.errorprone.annotations.CompileTimeConstant;
import java.util.List;

/**
 * A piece of HTML. Text gets in only escaped: markup comes from templates that stand in the code,
 * which the compiler checks, and every value that is put into one is escaped unless it is HTML
 * itself.
 */
public final class Html {
  /** No markup at all. */
  static final Html NOTHING = new Html("");

  private static final String PLACE = "{}";

  private final String markup;

  private Html(String markup) {
    this.markup = markup;
  }

  /**
   * Returns a template with its places ({@code {}}) filled in order; a place may be in text or
   * within a quoted attribute.
   *
   * @throws IllegalArgumentException unless there are as many values as places
   */
  static Html of(@CompileTimeConstant String template, Object... values) {
    StringBuilder markup = new StringBuilder(template.length() + 64);
    int from = 0;
    for (Object value : values) {
      int place = template.indexOf(PLACE, from);
      if (place < 0) {
        throw new IllegalArgumentException("More values than places: " + template);
      }
      markup.append(template, from, place);
      markup.append(value instanceof Html html ? html.markup : escape(value.toString()));
      from = place + PLACE.length();
    }
    if (template.indexOf(PLACE, from) >= 0) {
      throw new IllegalArgumentException("More places than values: " + template);
    }
    return new Html(markup.append(template, from, template.length()).toString());
  }

  /**
   * Returns text that somebody else wrote, shown as it is: marks that turn the order of letters
   * around end with it.
   */
  static Html foreign(String text) {
    return of("<bdi>{}</bdi>", text);
  }

  /** Returns the pieces one after another. */
  static Html join(List<Html> pieces) {
    StringBuilder markup = new StringBuilder();
    pieces.forEach(piece -> markup.append(piece.markup));
    return new Html(markup.toString());
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        case '\n', '\t', '\r' -> escaped.append(c);
        // HTML has no way to write them.
        default -> escaped.append(Character.isISOControl(c) ? '\ufffd' : c);
      }
    }
    return escaped.toString();
  }

  /** Returns the markup. */
  @Override
  public String toString() {
    return markup;
  }
}
