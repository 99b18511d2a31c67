package bedload.web;

import bedload.web.page.Layout;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets in who has a session, and takes a write only from a form of that session. Thread-safe. */
public final class Doorkeeper {
  private static final String COOKIE = "bedload_session";
  private static final String CSRF = "csrf";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
              + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          // A link to log in must not travel on to another site.
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-store");

  private final Sessions sessions;

  /** Makes the keeper of a door. */
  public Doorkeeper(Sessions sessions) {
    this.sessions = sessions;
  }

  /** What is done with a request of a session. */
  @FunctionalInterface
  interface Guarded {
    void handle(Context context, Session session) throws Exception;
  }

  /** Adds logging in and out, and the headers of every page. */
  void addTo(JavalinConfig config) {
    config.routes.before(context -> HEADERS.forEach(context::header));
    config.routes.get(
        "/login",
        context -> html(context, Layout.login(orEmpty(context.queryParam("link")), "").toString()));
    config.routes.post("/login", this::login);
    config.routes.post("/logout", writing(this::logout));
  }

  /** Logging in is a write: a link that a mail program looks at in advance must still be good. */
  private void login(Context context) {
    Optional<Session> session = sessions.enter(orEmpty(context.formParam("link")));
    if (session.isPresent()) {
      Cookie cookie = new Cookie(COOKIE, session.get().id());
      cookie.setPath("/");
      cookie.setHttpOnly(true);
      cookie.setSameSite(SameSite.STRICT);
      cookie.setMaxAge((int) Sessions.LIFE.toSeconds());
      cookie.setSecure("https".equals(context.header("X-Forwarded-Proto")));
      context.cookie(cookie);
      seeOther(context, "/");
    } else {
      context.status(HttpStatus.FORBIDDEN);
      html(context, Layout.login("", "This link was used before, or is too old.").toString());
    }
  }

  private void logout(Context context, Session session) {
    sessions.leave(session);
    context.removeCookie(COOKIE);
    seeOther(context, "/login");
  }

  /** Returns a handler that only a session reaches; others are shown how to log in. */
  Handler reading(Guarded guarded) {
    return context -> {
      Optional<Session> session = session(context);
      if (session.isPresent()) {
        guarded.handle(context, session.get());
      } else {
        refuse(context);
      }
    };
  }

  /** As {@link #reading}, and the request must bring the session's token along. */
  Handler writing(Guarded guarded) {
    return reading(
        (context, session) -> {
          if (isSame(session.csrf(), orEmpty(context.formParam(CSRF)))) {
            guarded.handle(context, session);
          } else {
            context
                .status(HttpStatus.FORBIDDEN)
                .result("This form is not of your session. Load the page anew and try again.\n");
          }
        });
  }

  private Optional<Session> session(Context context) {
    return Optional.ofNullable(context.cookie(COOKIE)).flatMap(sessions::find);
  }

  private static void refuse(Context context) {
    boolean isPage =
        context.method().equals(HandlerType.GET)
            && orEmpty(context.header("Accept")).contains("text/html");
    if (isPage) {
      seeOther(context, "/login");
    } else {
      context.status(HttpStatus.UNAUTHORIZED).json(Map.of("message", "Log in at /login first."));
    }
  }

  static void seeOther(Context context, String path) {
    context.redirect(path, HttpStatus.SEE_OTHER);
  }

  static void html(Context context, String page) {
    context.contentType("text/html; charset=utf-8").result(page);
  }

  private static boolean isSame(String left, String right) {
    return MessageDigest.isEqual(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
