package bedload.web;

import io.javalin.config.JavalinConfig;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.UUID;

/** The stylesheet and the script; they hold nothing secret, so the page to log in has them too. */
public final class Assets {
  private Assets() {}

  static void addTo(JavalinConfig config) {
    add(config, "bedload.css", "text/css; charset=utf-8");
    add(config, "bedload.js", "text/javascript; charset=utf-8");
  }

  private static void add(JavalinConfig config, String name, String contentType) {
    byte[] content = read(name);
    String tag = "\"" + UUID.nameUUIDFromBytes(content) + "\"";
    config.routes.get(
        "/assets/" + name,
        context -> {
          context.header("Cache-Control", "no-cache").header("ETag", tag);
          if (tag.equals(context.header("If-None-Match"))) {
            context.status(HttpStatus.NOT_MODIFIED);
          } else {
            context.contentType(contentType).result(content);
          }
        });
  }

  /**
   * Returns a file of the jar.
   *
   * @param name below the folder of what goes over the wire
   */
  public static byte[] read(String name) {
    String path = "/web/" + name;
    try (InputStream file = Objects.requireNonNull(Assets.class.getResourceAsStream(path), path)) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read %s of the jar".formatted(path), e);
    }
  }
}
