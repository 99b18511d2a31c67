package bedload.model;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Why a backend gets as many calls at once as it does.
 *
 * @param size the calls that it gets at once
 * @param at the calls at once that the cause is about; the size where it is about that
 */
public record WindowReason(Cause cause, int size, int at) {
  /** What decides. */
  public enum Cause {
    /** Nothing is known of the server's end yet. */
    STARTING,
    /** More calls at once got more done. */
    GROWING,
    /** More calls at once would get no more done. */
    ENOUGH,
    /** For a moment fewer, to see whether they do as well. */
    DIPPING,
    /** The server refused a call for load. */
    REFUSED,
    /** The server asked to be left alone for a while. */
    RESTING,
    /** A limit that was set, or this node's share of it. */
    CAPPED,
    /** The setting leaves nothing to learn. */
    FIXED;

    /** Returns the words of all causes. */
    public static List<String> labels() {
      return Stream.of(values()).map(Cause::label).toList();
    }

    /** Returns the word for labels. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns it in words for people. */
  public String sentence() {
    return switch (cause) {
      case STARTING ->
          "%d at once: how many the server can work on is not known yet".formatted(size);
      case GROWING -> "%d at once: more of them have got more done so far".formatted(size);
      case ENOUGH ->
          "%d at once: %d get as much done as more do, and the rest keep the server from waiting"
              .formatted(size, at);
      case DIPPING ->
          "%d at once for a moment, instead of %d: to see whether fewer do as well"
              .formatted(size, at);
      case REFUSED -> "%d at once: the server refused a call beyond %d".formatted(size, at);
      case RESTING -> "none now: the server asked to be left alone for a while";
      case CAPPED ->
          "%d at once: the limit that is set, or this node's share of it, allows no more"
              .formatted(size);
      case FIXED -> "%d at once: initial-in-flight and max-in-flight are the same".formatted(size);
    };
  }
}
