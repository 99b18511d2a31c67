package bedload.model;

import bedload.model.http.HttpReply;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What it means for a record that a model server answered with an error. The record is to blame for
 * few of them; where the server or its configuration is, the code is 424, as Bedrock has it for a
 * model that failed.
 */
final class ServerFaults {
  private static final int LONGEST_WORDS = 700;

  private final String server;
  private final InstantSource clock;

  /**
   * Makes the reader of one server's errors.
   *
   * @param server what messages call it
   */
  ServerFaults(String server, InstantSource clock) {
    this.server = server;
    this.clock = clock;
  }

  /** Returns what an answer with another status than 200 means. */
  ModelReply reply(HttpReply reply) {
    int status = reply.status();
    String said = "%s answered %d: %s".formatted(server, status, words(reply));
    return switch (status) {
      case 400, 413, 422 -> new ModelReply.Refusal(400, said);
      case 401, 403 ->
          new ModelReply.Refusal(
              424, said + " (is the API key of this model's entry set, and right?)");
      case 404 ->
          new ModelReply.Refusal(
              424, said + " (is the URL of this model's entry right, and the model loaded there?)");
      case 408 -> new ModelReply.Silence(503, said);
      case 425, 429 -> new ModelReply.Overload(429, retryAfter(reply, clock), said);
      // 529 is Anthropic's own word for being overloaded.
      case 503, 529 -> new ModelReply.Overload(503, retryAfter(reply, clock), said);
      case 500 -> new ModelReply.Silence(500, said);
      default -> {
        if (status >= 500) {
          yield new ModelReply.Silence(503, said);
        }
        if (status >= 300 && status < 400) {
          String target = reply.header("location").orElse("a place it does not name");
          yield new ModelReply.Refusal(
              424,
              "%s redirects to %s: name that URL in this model's entry".formatted(server, target));
        }
        yield new ModelReply.Refusal(424, said);
      }
    };
  }

  /** Returns how long the server asks to be left alone; zero if it does not say. */
  static Duration retryAfter(HttpReply reply, InstantSource clock) {
    String value = reply.header("retry-after").orElse("").strip();
    if (value.isEmpty()) {
      return Duration.ZERO;
    }
    try {
      if (Character.isDigit(value.charAt(0))) {
        // Some servers write 0.5, which is not HTTP and yet clear.
        return Duration.ofMillis((long) (Math.min(Double.parseDouble(value), 1e9) * 1000));
      }
      Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(clock.instant(), until);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (NumberFormatException | DateTimeException unreadable) {
      return Duration.ZERO;
    }
  }

  /** Returns the server's own words: the message inside its JSON if it is such, else its text. */
  static String words(HttpReply reply) {
    String text = text(reply.body());
    String line = text.replaceAll("\\s+", " ").strip();
    if (line.isEmpty()) {
      return "nothing more";
    }
    return line.length() <= LONGEST_WORDS ? line : line.substring(0, LONGEST_WORDS) + "…";
  }

  private static String text(byte[] body) {
    try {
      JsonNode json = JsonMapper.shared().readTree(body);
      JsonNode error = json.path("error");
      for (JsonNode place :
          new JsonNode[] {
            error.path("message"),
            error,
            json.path("message"),
            json.path("Message"),
            json.path("detail")
          }) {
        if (place.isString()) {
          return place.stringValue();
        }
      }
    } catch (JacksonException notJson) {
      // Then it is a proxy's page, or plain text.
    }
    // A page can be large, and no more than its beginning is shown.
    return new String(body, 0, Math.min(body.length, 8 * LONGEST_WORDS), StandardCharsets.UTF_8);
  }
}
