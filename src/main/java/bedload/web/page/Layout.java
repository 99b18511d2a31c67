package bedload.web.page;

import com.google.errorprone.annotations.CompileTimeConstant;
import java.util.List;

/**
 * What is around every page.
 *
 * @param account whose page it is
 * @param csrf the token that every form of the session must send
 */
public record Layout(String account, String csrf) {
  private static final List<Screen> SCREENS =
      List.of(
          new Screen("Home", "/"),
          new Screen("Jobs", "/jobs"),
          new Screen("SQL", "/sql"),
          new Screen("Schema", "/schema"),
          new Screen("Sources", "/sources"));

  /** Returns a page whose main part follows the books while somebody looks. */
  Html live(@CompileTimeConstant String title, Html main) {
    return around(title, Html.of("<main id=\"main\" data-live>{}</main>", main));
  }

  /** Returns a page that stays as it is. */
  Html still(@CompileTimeConstant String title, Html main) {
    return around(title, Html.of("<main id=\"main\">{}</main>", main));
  }

  /** Returns the hidden field without which no form is taken. */
  Html csrfField() {
    return Html.of("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", csrf);
  }

  private Html around(String title, Html main) {
    return document(
        title,
        Html.of(
            """
            <a class="skip" href="#main">Skip to the content</a>
            <header><a class="brand" href="/">bedload</a>
            <nav aria-label="Pages">{}</nav>
            <form method="post" action="/logout"><button class="plain" type="button" data-times hidden>Times: UTC</button><span class="quiet">account {}</span>{}<button class="plain">Log out</button></form>
            </header>
            <p id="lost" role="status" hidden data-ended="This session has ended. Open a link that 'bedload page' prints, in another tab; then this page goes on.">The service does not answer. This page comes back when it does.</p>
            {}
            """,
            Html.join(SCREENS.stream().map(screen -> screen.link(title)).toList()),
            account,
            csrfField(),
            main));
  }

  /**
   * A screen that every page leads to.
   *
   * @param title that of its page, and what the link says
   */
  private record Screen(String title, String path) {
    Html link(String here) {
      return here.equals(title)
          ? Html.of("<a href=\"{}\" aria-current=\"page\">{}</a> ", path, title)
          : Html.of("<a href=\"{}\">{}</a> ", path, title);
    }
  }

  private static Html document(String title, Html body) {
    return Html.of(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{} · bedload</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/assets/bedload.css">
        <script src="/assets/bedload.js" defer></script>
        </head>
        <body>
        {}
        </body>
        </html>
        """,
        title,
        body);
  }

  /**
   * Returns the page of whoever has no session.
   *
   * @param link what the address brought along; empty if nothing
   * @param said what was wrong with an attempt; empty if there was none
   */
  public static Html login(String link, String said) {
    Html action =
        link.isEmpty()
            ? Html.of(
                "<p>Open the link that <code>bedload serve</code> wrote when it started, or ask for a new one:</p><pre tabindex=\"0\"><code>bedload page</code></pre>")
            : Html.of(
                "<form method=\"post\" action=\"/login\"><input type=\"hidden\" name=\"link\" value=\"{}\"><button>Log in on this browser</button></form>",
                link);
    Html trouble = said.isEmpty() ? Html.NOTHING : Html.of("<p role=\"alert\">{}</p>", said);
    return document(
        "Log in",
        Html.of("<main id=\"main\" class=\"narrow\"><h1>bedload</h1>{}{}</main>", trouble, action));
  }

  /** Returns the page of an address at which there is nothing, or a request that was refused. */
  public Html refusal(String sentence) {
    return still("Not here", Html.of("<h1>Not here</h1><p>{}</p>", sentence));
  }
}
