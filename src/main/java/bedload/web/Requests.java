package bedload.web;

import bedload.web.page.Layout;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What every screen reads of a request. */
final class Requests {
  private Requests() {}

  /** Returns a parameter of the address; empty if it has none. */
  static String query(Context context, String name) {
    return orEmpty(context.queryParam(name));
  }

  /** Returns a field of the form; empty if it has none. */
  static String form(Context context, String name) {
    return orEmpty(context.formParam(name));
  }

  /** Returns a text as it stands in the query of an address. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Returns what is around the pages of a session. */
  static Layout layout(Session session) {
    return new Layout(session.account(), session.csrf());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
