package bedload.model.body;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of an object in a record's body, ticked off as they are read, so that {@link #done()}
 * can refuse those that nobody read. A field whose value is null counts as absent. Not thread-safe.
 */
final class Fields {
  private final String path;
  private final JsonNode object;
  private final Served served;
  private final Set<String> read = new HashSet<>();

  private Fields(String path, JsonNode object, Served served) {
    this.path = path;
    this.object = object;
    this.served = served;
  }

  /** Returns the fields of a whole body of which nothing may be dropped. */
  static Fields of(JsonNode body) {
    return of(body, Served.strictly("any"));
  }

  /** Returns the fields of a whole body. */
  static Fields of(JsonNode body, Served served) {
    return new Fields("", body, served);
  }

  private static Fields of(String path, JsonNode value, Served served) {
    if (!value.isObject()) {
      throw new UnfitBody("%s has to be an object, this is %s".formatted(path, Json.kind(value)));
    }
    return new Fields(path, value, served);
  }

  /** Returns the names of all fields, in their order. */
  List<String> names() {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  /** Returns where a field of this object is, for messages. */
  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Returns a field's value; null if it is absent. */
  @Nullable JsonNode take(String name) {
    read.add(name);
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** Returns a field's value, which must be there. */
  JsonNode require(String name) {
    JsonNode value = take(name);
    if (value == null) {
      throw new UnfitBody(at(name) + ": Field required");
    }
    return value;
  }

  /** Returns a text that may be absent. */
  @Nullable String text(String name) {
    JsonNode value = take(name);
    return value == null ? null : checked(name, value).stringValue();
  }

  /** Returns a text that must be there. */
  String requireText(String name) {
    return checked(name, require(name)).stringValue();
  }

  private JsonNode checked(String name, JsonNode value) {
    if (!value.isString()) {
      throw new UnfitBody(
          "%s has to be a string, this is %s".formatted(at(name), Json.kind(value)));
    }
    return value;
  }

  /** Returns a boolean, or what it is when absent. */
  boolean flag(String name, boolean absent) {
    JsonNode value = take(name);
    if (value == null) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw new UnfitBody(
          "%s has to be true or false, this is %s".formatted(at(name), Json.kind(value)));
    }
    return value.booleanValue();
  }

  /** Returns a number that may be absent. */
  @Nullable JsonNode number(String name) {
    JsonNode value = take(name);
    if (value != null && !value.isNumber()) {
      throw new UnfitBody(
          "%s has to be a number, this is %s".formatted(at(name), Json.kind(value)));
    }
    return value;
  }

  /** Returns a whole number of 1 or more that may be absent. */
  @Nullable JsonNode count(String name) {
    JsonNode value = number(name);
    if (value != null
        && !(value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 1)) {
      throw new UnfitBody(
          "%s has to be a whole number of 1 or more, this is %s".formatted(at(name), value));
    }
    return value;
  }

  /** Returns a whole number of 1 or more that must be there. */
  JsonNode requireCount(String name) {
    require(name);
    JsonNode value = count(name);
    if (value == null) {
      throw new IllegalStateException(at(name) + " was there a moment ago");
    }
    return value;
  }

  /** Returns a list of texts that may be absent. */
  @Nullable JsonNode texts(String name) {
    JsonNode value = take(name);
    if (value != null) {
      each(name, value)
          .forEach(
              (element) -> {
                if (!element.value().isString()) {
                  throw new UnfitBody(
                      "%s has to be a string, this is %s"
                          .formatted(element.path(), Json.kind(element.value())));
                }
              });
    }
    return value;
  }

  /** Returns the fields of an object that must be there. */
  Fields requireObject(String name) {
    return of(at(name), require(name), served);
  }

  /** One element of an array, and where it is. */
  record Element(String path, JsonNode value, Served served) {
    /**
     * Returns the fields of this element.
     *
     * @throws UnfitBody if it is not an object
     */
    Fields fields() {
      return of(path, value, served);
    }
  }

  /** Returns the elements of an array that must be there. */
  List<Element> requireList(String name) {
    return each(name, require(name));
  }

  /** Returns the elements of an array; none if it is absent. */
  List<Element> list(String name) {
    JsonNode value = take(name);
    return value == null ? List.of() : each(name, value);
  }

  /** Returns the elements of a value of this object. */
  List<Element> each(String name, JsonNode value) {
    if (!value.isArray()) {
      throw new UnfitBody(
          "%s has to be an array, this is %s".formatted(at(name), Json.kind(value)));
    }
    List<Element> elements = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      elements.add(new Element("%s[%d]".formatted(at(name), i), value.get(i), served));
    }
    return elements;
  }

  /** Hands an object that may be absent to its reader, and sees that all of it was read. */
  void inside(String name, Consumer<Fields> reader) {
    JsonNode value = take(name);
    if (value != null) {
      Fields inner = of(at(name), value, served);
      reader.accept(inner);
      inner.done();
    }
  }

  /** Returns an object that may be absent; then it has no fields. */
  Fields optional(String name) {
    JsonNode value = take(name);
    return of(at(name), value == null ? Json.object() : value, served);
  }

  /**
   * Refuses a field that is known and has no counterpart.
   *
   * @param why what cannot be done, as the rest of a sentence that begins with the field's path
   */
  void refuse(String name, String why) {
    if (take(name) != null) {
      throw new UnfitBody(at(name) + " " + why);
    }
  }

  /** Says whether the operator lets something be dropped. */
  boolean mayDrop(Droppable what) {
    return served.lenient().contains(what);
  }

  /**
   * Refuses a field that is known and has no counterpart, unless it may be dropped.
   *
   * @param why what cannot be done, as the rest of a sentence that begins with the field's path
   */
  void refuseUnless(Droppable what, String name, String why) {
    if (take(name) != null && !mayDrop(what)) {
      throw undroppable(what, at(name) + " " + why);
    }
  }

  /** Returns the refusal of something that the operator could let be dropped, which says so. */
  static UnfitBody undroppable(Droppable what, String sentence) {
    return new UnfitBody(
        "%s; the model's entry may let it be dropped (lenient: %s)"
            .formatted(sentence, what.wireName()));
  }

  /** Returns the whole number top_k, or whatever it is called; null if absent or dropped. */
  @Nullable JsonNode topK(String name) {
    JsonNode value = number(name);
    // Zero is how Cohere says that there is no such limit.
    if (value == null || mayDrop(Droppable.TOP_K) || value.decimalValue().signum() == 0) {
      return null;
    }
    if (!served.kind().takesTopK()) {
      throw undroppable(
          Droppable.TOP_K,
          "%s has no counterpart on %s".formatted(at(name), served.kind().wireName()));
    }
    return count(name);
  }

  /** Returns what kind of server the body goes to. */
  ServerKind server() {
    return served.kind();
  }

  /** Returns where the fields are that nobody has read; empty if there are none. */
  String rest() {
    return object.properties().stream()
        .filter(field -> !read.contains(field.getKey()))
        .map(field -> at(field.getKey()))
        .collect(Collectors.joining(", "));
  }

  /** Lets go of the fields that nobody has read. */
  void readAll() {
    object.properties().forEach(field -> read.add(field.getKey()));
  }

  /** Refuses the object if it has fields that nobody has read. */
  void done() {
    String rest = rest();
    if (!rest.isEmpty()) {
      throw new UnfitBody(rest + ": Extra inputs are not permitted");
    }
  }
}
