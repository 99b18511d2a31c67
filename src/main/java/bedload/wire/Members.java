package bedload.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The members of a JSON object in a request, each read under its rule. A breach is put down and
 * reading goes on with a stand-in, which nobody sees: {@link Violations#throwIfAny()} comes before
 * use. A value of the wrong type ends the reading at once, as on AWS. An explicit null is a missing
 * member, and members that nobody asks for are ignored.
 */
public final class Members {
  private static final String NOT_NULL = "Member must not be null";

  private final ObjectNode object;
  private final String path;
  private final Violations violations;
  private final boolean present;

  private Members(ObjectNode object, String path, Violations violations, boolean present) {
    this.object = object;
    this.path = path;
    this.violations = violations;
    this.present = present;
  }

  /** Returns the members of an object, whose breaches are put down in {@code violations}. */
  public static Members of(ObjectNode body, Violations violations) {
    return new Members(body, "", violations, true);
  }

  /** Returns a text that must be there, or an empty one if it is not. */
  public String requiredText(String name, TextRule rule) {
    return text(name, rule).orElseGet(() -> missing(name, ""));
  }

  /** Returns a text if it is there. */
  public Optional<String> text(String name, TextRule rule) {
    Optional<String> text = find(name).map(node -> asText(node, pathTo(name)));
    text.ifPresent(value -> violations.check(value, pathTo(name), rule));
    return text;
  }

  /** Returns a number if it is there. */
  public Optional<Integer> integer(String name, int min, int max) {
    return find(name)
        .map(
            node -> {
              if (!node.isInt()) {
                throw wrongType(pathTo(name), "an integer", node);
              }
              violations.check(node.intValue(), pathTo(name), min, max);
              return node.intValue();
            });
  }

  /** Returns the members of an object that must be there, or of none, about which all is silent. */
  public Members requiredObject(String name) {
    return object(name)
        .orElseGet(
            () ->
                missing(
                    name,
                    new Members(
                        JsonNodeFactory.instance.objectNode(), pathTo(name), violations, false)));
  }

  /** Returns the members of an object if it is there. */
  public Optional<Members> object(String name) {
    return find(name).map(node -> asObject(node, pathTo(name)));
  }

  /** Returns the texts of a list that must be there. */
  public List<String> requiredTexts(String name, int minSize, int maxSize, TextRule rule) {
    return texts(name, minSize, maxSize, rule).orElseGet(() -> missing(name, List.of()));
  }

  /** Returns the texts of a list if it is there. */
  public Optional<List<String>> texts(String name, int minSize, int maxSize, TextRule rule) {
    return list(name, minSize, maxSize).map(nodes -> texts(name, nodes, rule));
  }

  private List<String> texts(String name, List<JsonNode> nodes, TextRule rule) {
    List<String> texts = new ArrayList<>();
    for (JsonNode node : nodes) {
      String member = element(name, texts.size());
      String text = asText(node, member);
      violations.check(text, member, rule);
      texts.add(text);
    }
    return texts;
  }

  /** Returns the objects of a list; none if the list is not there. */
  public List<Members> objects(String name, int minSize, int maxSize) {
    List<Members> objects = new ArrayList<>();
    for (JsonNode node : list(name, minSize, maxSize).orElseGet(List::of)) {
      objects.add(asObject(node, element(name, objects.size())));
    }
    return objects;
  }

  /** Returns the objects of a list that must be there. */
  public List<Members> requiredObjects(String name, int minSize, int maxSize) {
    if (find(name).isEmpty()) {
      return missing(name, List.of());
    }
    return objects(name, minSize, maxSize);
  }

  /** Returns the elements of a list, of whatever type each is; none if the list is not there. */
  public List<JsonNode> values(String name, int maxSize) {
    return list(name, 0, maxSize).orElseGet(List::of);
  }

  /** Returns the path of a member, as violations name it. */
  public String pathTo(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Returns the elements of a list, none of them if there are too many to be looked at. */
  private Optional<List<JsonNode>> list(String name, int minSize, int maxSize) {
    return find(name)
        .map(
            node -> {
              if (!(node instanceof ArrayNode array)) {
                throw wrongType(pathTo(name), "a list", node);
              }
              String shown = Excerpt.of(array.toString());
              if (array.size() < minSize) {
                violations.add(
                    shown,
                    pathTo(name),
                    "Member must have length greater than or equal to " + minSize);
              }
              if (array.size() > maxSize) {
                violations.add(
                    shown,
                    pathTo(name),
                    "Member must have length less than or equal to " + maxSize);
                return List.<JsonNode>of();
              }
              return List.copyOf(array.values());
            });
  }

  private Optional<JsonNode> find(String name) {
    return Optional.<JsonNode>ofNullable(object.get(name)).filter(node -> !node.isNull());
  }

  private <T> T missing(String name, T standIn) {
    if (present) {
      violations.add(null, pathTo(name), NOT_NULL);
    }
    return standIn;
  }

  private String element(String name, int index) {
    return pathTo(name) + "." + (index + 1) + ".member";
  }

  private Members asObject(JsonNode node, String member) {
    if (node instanceof ObjectNode found) {
      return new Members(found, member, violations, true);
    }
    throw wrongType(member, "an object", node);
  }

  private static String asText(JsonNode node, String member) {
    if (node.isString()) {
      return node.stringValue();
    }
    throw wrongType(member, "a string", node);
  }

  private static CallFault wrongType(String member, String wanted, JsonNode found) {
    return new CallFault(
        AwsError.SERIALIZATION,
        "'%s' must be %s, it is %s".formatted(member, wanted, WireJson.kind(found)));
  }
}
