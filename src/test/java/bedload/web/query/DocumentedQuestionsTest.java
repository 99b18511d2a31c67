package bedload.web.query;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.wire.RawHttp;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the documentation asks is answered, and as it shows. */
class DocumentedQuestionsTest {
  private static final QueryDoor DOOR = new QueryDoor();
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};
  private static final Pattern BODY = Pattern.compile("-d '(\\{.*?\\})'");
  private static final Pattern ADDRESS = Pattern.compile("\\$API(/v1/resources[^\" ]*)");

  @BeforeAll
  static void fill() {
    DocumentedCatalog.fill(DOOR);
  }

  @AfterAll
  static void close() {
    DOOR.close();
  }

  static List<DocumentedQuestion> questions() {
    return Stream.of(
            DocumentedQuestion.blocks("docs/sql.md"),
            DocumentedQuestion.blocks("docs/catalog.md"),
            DocumentedQuestion.commands("docs/features.md"),
            DocumentedQuestion.commands("docs/operating.md"),
            DocumentedQuestion.commands("README.md"))
        .flatMap(List::stream)
        .filter(question -> !question.sql().startsWith("delete"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("questions")
  void questionFindsSomethingAndWhatThePageShows(DocumentedQuestion question) {
    RawHttp.Reply reply =
        DOOR.post("mine", "/v1/query", Map.of("sql", question.sql(), "format", "csv"));

    assertThat(reply.status()).as("%s%n%s", question, reply.body()).isEqualTo(200);
    List<String> lines = reply.body().lines().toList();
    assertThat(lines).as("%s finds nothing", question).hasSizeGreaterThan(1);
    if (question.shown() != null) {
      assertThat(lines).as(question.toString()).isEqualTo(question.shown().lines().toList());
    }
  }

  @Test
  void noPageIsReadAsEmpty() {
    assertThat(DocumentedQuestion.blocks("docs/sql.md")).hasSizeGreaterThanOrEqualTo(9);
    assertThat(questions().stream().filter(each -> each.shown() != null))
        .hasSizeGreaterThanOrEqualTo(4);
    assertThat(DocumentedQuestion.blocks("docs/catalog.md")).hasSizeGreaterThanOrEqualTo(10);
    assertThat(DocumentedQuestion.commands("docs/features.md")).hasSizeGreaterThanOrEqualTo(18);
    assertThat(DocumentedQuestion.commands("README.md")).isNotEmpty();
  }

  @Test
  void whatIsShownAsRefusedIsRefused() {
    List<DocumentedQuestion> refused =
        DocumentedQuestion.commands("docs/features.md").stream()
            .filter(question -> question.sql().startsWith("delete"))
            .toList();

    assertThat(refused).isNotEmpty();
    refused.forEach(
        question ->
            assertThat(DOOR.refusal(Map.of("sql", question.sql())))
                .contains("select, with, values or table"));
  }

  @Test
  void everyBodyThatIsShownIsAnswered() {
    List<String> bodies =
        Stream.of("docs/sql.md", "docs/features.md")
            .flatMap(page -> BODY.matcher(DocumentedQuestion.text(page)).results())
            .map(body -> body.group(1))
            .toList();

    assertThat(bodies).hasSizeGreaterThanOrEqualTo(3);
    for (String body : bodies) {
      Map<String, Object> members = JSON.readValue(body, MEMBERS);
      if (members.containsKey("jsonrpc")) {
        JsonNode answer = JSON.readTree(DOOR.post("mine", "/mcp", members).body());
        assertThat(answer.at("/result/isError").asBoolean(true)).as(body).isFalse();
      } else {
        assertThat(DOOR.ask(members).get("rows")).as(body).isNotEmpty();
      }
    }
  }

  @Test
  void everyAddressThatIsShownIsAnswered() {
    List<String> addresses =
        ADDRESS
            .matcher(DocumentedQuestion.text("docs/features.md"))
            .results()
            .map(address -> address.group(1))
            .toList();

    assertThat(addresses).hasSizeGreaterThanOrEqualTo(4);
    for (String address : addresses) {
      RawHttp.Reply reply = DOOR.get("mine", address);
      assertThat(reply.status()).as("%s%n%s", address, reply.body()).isEqualTo(200);
      assertThat(reply.body())
          .as(address)
          .contains(address.contains("group_by") ? "ml" : "untagged");
    }
  }
}
