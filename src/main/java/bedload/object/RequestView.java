package bedload.object;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request with some headers or parameters other than they came. */
final class RequestView extends HttpServletRequestWrapper {
  private final Map<String, List<String>> headers = new HashMap<>();
  private final Map<String, String> parameters = new HashMap<>();

  RequestView(HttpServletRequest request) {
    super(request);
  }

  /** Hides a header, and returns this. */
  RequestView without(String header) {
    headers.put(header.toLowerCase(Locale.ROOT), List.of());
    return this;
  }

  /** Shows a header that came with another value, and returns this. */
  RequestView withHeader(String header, String value) {
    headers.put(header.toLowerCase(Locale.ROOT), List.of(value));
    return this;
  }

  /** Gives a value to who asks for this parameter by its name, and returns this. */
  RequestView withParameter(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  private @Nullable List<String> changed(String header) {
    return headers.get(header.toLowerCase(Locale.ROOT));
  }

  @Override
  public @Nullable String getHeader(String name) {
    List<String> values = changed(name);
    if (values == null) {
      return super.getHeader(name);
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    List<String> values = changed(name);
    return values == null ? super.getHeaders(name) : Collections.enumeration(values);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(
        Collections.list(super.getHeaderNames()).stream()
            .filter(name -> !List.of().equals(changed(name)))
            .toList());
  }

  @Override
  public @Nullable String getParameter(String name) {
    String value = parameters.get(name);
    return value == null ? super.getParameter(name) : value;
  }
}
