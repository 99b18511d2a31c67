package bedload.job;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in a trace, as W3C's Trace Context writes it into a header.
 *
 * @param traceId 32 digits of hexadecimal, not all zero
 * @param spanId 16 digits of hexadecimal, not all zero
 * @param isSampled whether the trace is recorded
 */
public record Traceparent(String traceId, String spanId, boolean isSampled) {
  /** The name of the header. */
  public static final String HEADER = "traceparent";

  /** A later version may have more members after a hyphen; the first four keep their meaning. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?");

  private static final Pattern VERSION_0 = Pattern.compile("00-.{52}");

  /** Returns what the header says; empty if that is not of the form, which then counts for none. */
  public static Optional<Traceparent> parse(String header) {
    var form = FORM.matcher(header);
    if (!form.matches() || (header.startsWith("00-") && !VERSION_0.matcher(header).matches())) {
      return Optional.empty();
    }
    boolean isSampled = (Integer.parseInt(form.group(3), 16) & 1) == 1;
    return Optional.of(new Traceparent(form.group(1), form.group(2), isSampled));
  }

  /** Returns the header. */
  @Override
  public String toString() {
    return "00-%s-%s-%s".formatted(traceId, spanId, isSampled ? "01" : "00");
  }
}
