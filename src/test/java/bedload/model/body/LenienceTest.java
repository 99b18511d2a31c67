package bedload.model.body;

import static bedload.model.body.Bodies.bytes;
import static bedload.model.body.Bodies.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server cannot do is dropped where its entry says so, and refused where not. */
class LenienceTest {
  private static final String HEAD = "'anthropic_version':'bedrock-2023-05-31','max_tokens':9,";
  private static final String ASKED = "'messages':[{'role':'user','content':'a'}]";
  private static final String CONVERSED = "'messages':[{'role':'user','content':[{'text':'a'}]}]";

  private static JsonNode sent(Family family, String body, Set<Droppable> lenient) {
    ServerCall call = family.toServer(Json.input(bytes(body)), new Served("served", lenient));
    return JsonMapper.shared().readTree(call.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CACHE_CONTROL     | ANTHROPIC_MESSAGES | {HEAD 'messages':[{'role':'user','content':[{'type':'text','text':'a','cache_control':{'type':'ephemeral'}}]}]}
          THINKING          | ANTHROPIC_MESSAGES | {HEAD 'thinking':{'type':'enabled','budget_tokens':1024},ASKED}
          ANTHROPIC_BETA    | ANTHROPIC_MESSAGES | {HEAD 'anthropic_beta':['x'],ASKED}
          CACHE_CONTROL     | CONVERSE           | {'messages':[{'role':'user','content':[{'text':'a'},{'cachePoint':{'type':'default'}}]}]}
          GUARDRAIL         | CONVERSE           | {CONVERSED,'guardrailConfig':{'guardrailIdentifier':'g'}}
          ADDITIONAL_FIELDS | CONVERSE           | {CONVERSED,'additionalModelRequestFields':{'x':1}}
          SERVICE_TIER      | CONVERSE           | {CONVERSED,'performanceConfig':{'latency':'optimized'}}
          """)
  void whatIsDroppedLeavesTheRestAsItWas(Droppable what, Family family, String body) {
    String whole =
        body.replace("HEAD", HEAD).replace("ASKED", ASKED).replace("CONVERSED", CONVERSED);

    JsonNode sent = sent(family, whole, Set.of(what));
    assertThat(sent.path("messages")).isEqualTo(json("[{'role':'user','content':'a'}]"));
    assertThat(sent.propertyNames()).isSubsetOf("model", "messages", "max_tokens");

    Set<Droppable> others = EnumSet.complementOf(EnumSet.of(what));
    assertThatThrownBy(() -> sent(family, whole, others))
        .isInstanceOf(UnfitBody.class)
        .hasMessageContaining("(lenient: " + what.wireName() + ")");
  }

  @Test
  void topKIsSentUnlessItMayBeDropped() {
    String body = "{" + HEAD + "'top_k':40," + ASKED + "}";

    assertThat(sent(Family.ANTHROPIC_MESSAGES, body, Set.of()).path("top_k").intValue())
        .isEqualTo(40);
    assertThat(sent(Family.ANTHROPIC_MESSAGES, body, Set.of(Droppable.TOP_K)).has("top_k"))
        .isFalse();
  }

  @Test
  void theReasoningOfEarlierTurnsGoesWithTheWishForIt() {
    String body =
        "{"
            + HEAD
            + """
            'messages':[{'role':'user','content':'a'},
              {'role':'assistant','content':[{'type':'thinking','thinking':'hm','signature':'s'},{'type':'text','text':'b'}]},
              {'role':'user','content':'c'}]}""";

    assertThat(
            sent(Family.ANTHROPIC_MESSAGES, body, Set.of(Droppable.THINKING))
                .path("messages")
                .path(1))
        .isEqualTo(json("{'role':'assistant','content':'b'}"));
    assertThatThrownBy(() -> sent(Family.ANTHROPIC_MESSAGES, body, Set.of()))
        .hasMessageContaining("lenient: thinking");
  }

  @Test
  void aFailedToolKeepsItsWords() {
    String body =
        "{"
            + HEAD
            + """
            'messages':[{'role':'user','content':'a'},
              {'role':'assistant','content':[{'type':'tool_use','id':'t','name':'n','input':{}}]},
              {'role':'user','content':[{'type':'tool_result','tool_use_id':'t','is_error':true,'content':'broken'}]}]}""";

    assertThat(
            sent(Family.ANTHROPIC_MESSAGES, body, Set.of(Droppable.TOOL_ERROR))
                .path("messages")
                .path(2))
        .isEqualTo(json("{'role':'tool','tool_call_id':'t','content':'broken'}"));
  }

  @Test
  void documentsOfTextAreTextAndOthersAreNeverDropped() {
    String text =
        "{"
            + HEAD
            + "'messages':[{'role':'user','content':[{'type':'document','title':'Gauge','source':{'type':'text','media_type':'text/plain','data':'2 m'}}]}]}";
    String pdf =
        text.replace(
            "{'type':'text','media_type':'text/plain','data':'2 m'}",
            "{'type':'base64','media_type':'application/pdf','data':'AAAA'}");

    assertThat(sent(Family.ANTHROPIC_MESSAGES, text, Set.of()).at("/messages/0/content"))
        .isEqualTo(json("[{'type':'text','text':'Gauge'},{'type':'text','text':'2 m'}]"));
    assertThatThrownBy(() -> sent(Family.ANTHROPIC_MESSAGES, pdf, EnumSet.allOf(Droppable.class)))
        .hasMessageContaining("send the document's text");
    assertThat(
            sent(
                    Family.CONVERSE,
                    "{'messages':[{'role':'user','content':[{'document':{'format':'txt','name':'Gauge','source':{'bytes':'MiBt'}}},{'text':'?'}]}]}",
                    Set.of())
                .at("/messages/0/content/0/text")
                .stringValue())
        .isEqualTo("Gauge\n\n2 m");
  }

  @Test
  void aSchemaForTheAnswerIsAResponseFormat() {
    JsonNode expected =
        json(
            "{'type':'json_schema','json_schema':{'name':'answer','strict':true,'schema':{'type':'object'}}}");
    assertThat(
            sent(
                    Family.ANTHROPIC_MESSAGES,
                    "{"
                        + HEAD
                        + "'output_config':{'format':{'type':'json_schema','schema':{'type':'object'}}},"
                        + ASKED
                        + "}",
                    Set.of())
                .path("response_format"))
        .isEqualTo(expected);
    assertThat(
            sent(
                    Family.CONVERSE,
                    "{"
                        + CONVERSED
                        + ",'outputConfig':{'textFormat':{'type':'json_schema','structure':{'jsonSchema':{'schema':'{~type~:~object~}'}}}}}"
                            .replace("~", "\\\""),
                    Set.of())
                .path("response_format"))
        .isEqualTo(expected);
  }
}
