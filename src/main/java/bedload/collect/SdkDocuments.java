package bedload.collect;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** Requests and answers of AWS's SDK as maps, by the members' names on the wire. */
final class SdkDocuments {
  private SdkDocuments() {}

  /** Returns what was sent; a member that was not is not in it. */
  static Map<String, Object> of(SdkPojo answer) {
    Map<String, Object> document = new LinkedHashMap<>();
    for (SdkField<?> field : answer.sdkFields()) {
      Object value = plain(field.getValueOrDefault(answer));
      if (value != null) {
        document.put(field.locationName(), value);
      }
    }
    return document;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      // Most of what comes is one of these. To find that something is none of the interfaces below
      // takes longer than all else that is done with it here.
      case String text -> text;
      case Instant instant -> instant;
      case Number number -> number;
      // The SDK's own sign that the list or the map was not sent.
      case SdkAutoConstructList<?> _ -> null;
      case SdkAutoConstructMap<?, ?> _ -> null;
      case SdkPojo nested -> of(nested);
      case List<?> list -> list.stream().map(SdkDocuments::plain).filter(Objects::nonNull).toList();
      case Map<?, ?> map -> {
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((key, each) -> plain.put(String.valueOf(key), plain(each)));
        yield plain;
      }
      default -> value;
    };
  }

  /**
   * Fills a request under construction.
   *
   * @throws IllegalArgumentException if it has no such member
   */
  static void fill(SdkPojo builder, Map<String, ?> members) {
    members.forEach(
        (name, value) ->
            builder.sdkFields().stream()
                .filter(field -> field.locationName().equals(name))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "%s has no member %s; it has %s"
                                .formatted(
                                    builder.getClass().getName(),
                                    name,
                                    builder.sdkFields().stream()
                                        .map(SdkField::locationName)
                                        .toList())))
                .set(builder, value));
  }
}
