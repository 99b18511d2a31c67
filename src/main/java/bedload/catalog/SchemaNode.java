package bedload.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A mapping of a schema file, read strictly: what nobody asked for is an error, for it is most
 * likely a misspelt key, and what it should have said would silently be lost.
 */
final class SchemaNode {
  private final String file;
  private final String path;
  private final JsonNode node;
  private final Set<String> asked = new TreeSet<>();

  private SchemaNode(String file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /** Reads the whole of a file. */
  static <T> T read(String file, JsonNode root, Function<SchemaNode, T> reading) {
    return new SchemaNode(file, "", root).read(reading);
  }

  private <T> T read(Function<SchemaNode, T> reading) {
    if (!node.isObject()) {
      throw wrong("should be a mapping of keys to values, is " + node);
    }
    T value;
    try {
      value = reading.apply(this);
    } catch (IllegalArgumentException e) {
      throw new SchemaFileException(place() + ": " + e.getMessage(), e);
    }
    for (String key : node.propertyNames()) {
      if (!asked.contains(key)) {
        throw wrong("has a key '%s' that means nothing here; known are %s".formatted(key, asked));
      }
    }
    return value;
  }

  /** Returns the text of a key that must be there. */
  String text(String key) {
    return optionalText(key).orElseThrow(() -> missing(key));
  }

  /** Returns the text of a key. */
  Optional<String> optionalText(String key) {
    JsonNode value = find(key);
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(textOf(key, value));
  }

  /** Returns the number of a key that must be there. */
  int number(String key) {
    JsonNode value = find(key);
    if (value == null) {
      throw missing(key);
    }
    if (!value.isInt()) {
      throw wrong("key '%s' should be a whole number, is %s".formatted(key, value));
    }
    return value.intValue();
  }

  /** Says whether a key is there and true. */
  boolean flag(String key) {
    JsonNode value = find(key);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw wrong("key '%s' should be true or false, is %s".formatted(key, value));
    }
    return value.booleanValue();
  }

  /** Returns the list of texts of a key that must be there. */
  List<String> texts(String key) {
    return texts(key, true);
  }

  /** Returns the list of texts of a key; empty without the key. */
  List<String> optionalTexts(String key) {
    return texts(key, false);
  }

  private List<String> texts(String key, boolean required) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list(key, required)) {
      texts.add(textOf(key, item));
    }
    return texts;
  }

  /** Returns every key of the mapping with its text. */
  Map<String, String> textsByKey() {
    Map<String, String> texts = new LinkedHashMap<>();
    node.propertyNames().forEach(key -> texts.put(key, text(key)));
    return texts;
  }

  /** Returns what a mapping that must be there is read as. */
  <T> T child(String key, Function<SchemaNode, T> reading) {
    return optionalChild(key, reading).orElseThrow(() -> missing(key));
  }

  /** Returns what a mapping is read as. */
  <T> Optional<T> optionalChild(String key, Function<SchemaNode, T> reading) {
    JsonNode value = find(key);
    return value == null
        ? Optional.empty()
        : Optional.of(new SchemaNode(file, below(key), value).read(reading));
  }

  /** Returns what each mapping of a list is read as; empty without the key. */
  <T> List<T> children(String key, Function<SchemaNode, T> reading) {
    List<T> read = new ArrayList<>();
    for (JsonNode item : list(key, false)) {
      read.add(new SchemaNode(file, below(key) + "[" + read.size() + "]", item).read(reading));
    }
    return read;
  }

  /** Returns what each item of a list is read as, where a bare text may stand for a mapping. */
  <T> List<T> children(String key, Function<String, T> ofText, Function<SchemaNode, T> reading) {
    List<T> read = new ArrayList<>();
    for (JsonNode item : list(key, false)) {
      String place = below(key) + "[" + read.size() + "]";
      read.add(
          item.isString()
              ? ofText.apply(item.stringValue())
              : new SchemaNode(file, place, item).read(reading));
    }
    return read;
  }

  /** Returns the complaint that neither or both of two keys are there. */
  SchemaFileException notOneOf(String one, String other) {
    return wrong(
        "needs exactly one of the keys '%s' and '%s'; it has %s"
            .formatted(one, other, node.propertyNames()));
  }

  private List<JsonNode> list(String key, boolean required) {
    JsonNode value = find(key);
    if (value == null) {
      if (required) {
        throw missing(key);
      }
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong("key '%s' should be a list, is %s".formatted(key, value));
    }
    return List.copyOf(value.values());
  }

  private String textOf(String key, JsonNode value) {
    if (!value.isString() || value.stringValue().isBlank()) {
      throw wrong("key '%s' should be a text, is %s".formatted(key, value));
    }
    return value.stringValue();
  }

  private @Nullable JsonNode find(String key) {
    asked.add(key);
    return node.get(key);
  }

  private String below(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private SchemaFileException missing(String key) {
    return wrong("lacks the key '%s'; it has %s".formatted(key, node.propertyNames()));
  }

  private SchemaFileException wrong(String what) {
    return new SchemaFileException(place() + " " + what);
  }

  private String place() {
    String name = node.path("name").isString() ? " (" + node.get("name").stringValue() + ")" : "";
    return file + ": " + (path.isEmpty() ? "the file" : path) + name;
  }
}
