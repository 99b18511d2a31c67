package bedload.web.query;

import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import bedload.catalog.SqlText;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Members;
import bedload.wire.TextRule;
import bedload.wire.Violations;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a question: the statement, its parameters, and how the answer shall be. */
public record QueryRequest(ReadingDesk.Ask ask, RowFormat format) {
  static final int DEFAULT_ROWS = 5_000;

  /** The most rows that an answer may have. */
  public static final int MOST_ROWS = 10_000;

  private static final int LONGEST_SQL = 100_000;
  private static final int MOST_PARAMETERS = 100;

  /** Reads the body of a call. */
  static QueryRequest read(Call call) {
    Violations violations = new Violations();
    return read(call.members(violations), violations, DEFAULT_ROWS);
  }

  /**
   * Reads the members of a question.
   *
   * @param defaultRows how many rows the answer has at most if the question does not say
   * @throws CallFault if they break a rule
   */
  public static QueryRequest read(Members members, Violations violations, int defaultRows) {
    String sql = members.requiredText("sql", new TextRule(1, LONGEST_SQL, null, null, List.of()));
    int rows = members.integer("row_limit", 1, MOST_ROWS).orElse(defaultRows);
    Optional<String> asOf = members.text("as_of", TextRule.ANY);
    RowFormat format = RowFormat.read(members);
    List<JsonNode> parameters = members.values("params", MOST_PARAMETERS);
    violations.throwIfAny();
    List<@Nullable String> given = new ArrayList<>();
    parameters.forEach(node -> given.add(parameter(node)));
    return new QueryRequest(
        new ReadingDesk.Ask(text(sql), given, rows, asOf.map(QueryRequest::moment).orElse(null)),
        format);
  }

  private static SqlText text(String sql) {
    try {
      return SqlText.of(sql);
    } catch (QuestionFault fault) {
      throw CallFault.validation(fault.sentence());
    }
  }

  private static Instant moment(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw CallFault.validation(
          "'as_of' must be a time with its zone, such as 2026-03-01T12:00:00Z, it is '%s'"
              .formatted(text));
    }
  }

  /** Returns a parameter as PostgreSQL writes the value: a list becomes an array. */
  private static @Nullable String parameter(JsonNode node) {
    return switch (node.getNodeType()) {
      case NULL, MISSING -> null;
      case STRING, BINARY -> node.asString();
      case NUMBER, BOOLEAN -> node.toString();
      case OBJECT, POJO -> node.toString();
      case ARRAY ->
          StreamSupport.stream(node.spliterator(), false)
              .map(QueryRequest::element)
              .collect(Collectors.joining(",", "{", "}"));
    };
  }

  private static String element(JsonNode node) {
    String text = parameter(node);
    return text == null
        ? "null"
        : node.isArray()
            ? text
            : String.format(
                Locale.ROOT, "\"%s\"", text.replace("\\", "\\\\").replace("\"", "\\\""));
  }
}
