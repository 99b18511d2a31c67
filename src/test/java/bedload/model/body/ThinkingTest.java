package bedload.model.body;

import static bedload.model.body.Bodies.assertAnswered;
import static bedload.model.body.Bodies.assertRefused;
import static bedload.model.body.Bodies.bytes;
import static bedload.model.body.Bodies.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reasoning there and back, and what else depends on which server it is. */
class ThinkingTest {
  private static final String ASKED =
      "{'anthropic_version':'bedrock-2023-05-31','max_tokens':9,%s'messages':[{'role':'user','content':'a'}]}";
  private static final String CONVERSED = "{'messages':[{'role':'user','content':[{'text':'a'}]}]}";
  private static final String ANSWER =
      "{'id':'c','model':'m','choices':[{'message':{'role':'assistant','%s':'so','content':'yes'},'finish_reason':'stop'}],"
          + "'usage':{'prompt_tokens':12,'completion_tokens':4,'prompt_tokens_details':{'cached_tokens':8}}}";

  private static JsonNode sent(Family family, String body, ServerKind kind) {
    ServerCall call =
        family.toServer(Json.input(bytes(body)), new Served("served", Set.of(), kind));
    return JsonMapper.shared().readTree(call.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"reasoning_content", "reasoning"})
  void converseGivesTheReasoningThatAServerShowsBeforeTheText(String member) {
    assertAnswered(
        Family.CONVERSE,
        CONVERSED,
        ANSWER.formatted(member),
        "{'output':{'message':{'role':'assistant','content':[{'reasoningContent':{'reasoningText':{'text':'so'}}},{'text':'yes'}]}},"
            + "'stopReason':'end_turn','usage':{'inputTokens':4,'outputTokens':4,'totalTokens':16,'cacheReadInputTokens':8}}");
  }

  @Test
  void anthropicGivesThinkingToThoseWhoAskedOnly() {
    String thinking = "'thinking':{'type':'enabled','budget_tokens':1024},";
    String answer = ANSWER.formatted("reasoning_content");

    assertThat(output(ASKED.formatted(thinking), answer).path("content"))
        .isEqualTo(
            json(
                "[{'type':'thinking','thinking':'so','signature':''},{'type':'text','text':'yes'}]"));
    assertThat(output(ASKED.formatted(""), answer).path("content"))
        .isEqualTo(json("[{'type':'text','text':'yes'}]"));
  }

  private static JsonNode output(String body, String answer) {
    return JsonMapper.shared()
        .readTree(
            Family.ANTHROPIC_MESSAGES
                .fromServer(bytes(answer), Json.input(bytes(body)), Served.strictly("served"))
                .json());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          VLLM      | enabled  | chat_template_kwargs | {'enable_thinking':true}
          SGLANG    | enabled  | chat_template_kwargs | {'enable_thinking':true}
          LLAMA_CPP | disabled | chat_template_kwargs | {'enable_thinking':false}
          OLLAMA    | enabled  | reasoning_effort     | 'medium'
          OLLAMA    | disabled | reasoning_effort     | 'none'
          """)
  void eachServerIsAskedToThinkInItsOwnWay(
      ServerKind kind, String type, String member, String value) {
    String body = ASKED.formatted("'thinking':{'type':'%s'},".formatted(type));

    assertThat(sent(Family.ANTHROPIC_MESSAGES, body, kind).path(member)).isEqualTo(json(value));
  }

  @Test
  void aServerThatCannotBeAskedRefusesThinking() {
    assertRefused(
        Family.ANTHROPIC_MESSAGES,
        ASKED.formatted("'thinking':{'type':'enabled','budget_tokens':1024},"),
        "thinking is of type enabled");
  }

  @Test
  void earlierThinkingGoesBackToServersThatTakeIt() {
    String anthropic =
        "{'anthropic_version':'bedrock-2023-05-31','max_tokens':9,'messages':[{'role':'user','content':'a'},"
            + "{'role':'assistant','content':[{'type':'thinking','thinking':'so','signature':'x'},{'type':'text','text':'b'}]},"
            + "{'role':'user','content':'c'}]}";
    String converse =
        "{'messages':[{'role':'user','content':[{'text':'a'}]},"
            + "{'role':'assistant','content':[{'reasoningContent':{'reasoningText':{'text':'so','signature':'x'}}},{'text':'b'}]},"
            + "{'role':'user','content':[{'text':'c'}]}]}";
    JsonNode turn = json("{'role':'assistant','reasoning_content':'so','content':'b'}");

    assertThat(sent(Family.ANTHROPIC_MESSAGES, anthropic, ServerKind.VLLM).at("/messages/1"))
        .isEqualTo(turn);
    assertThat(sent(Family.CONVERSE, converse, ServerKind.SGLANG).at("/messages/1"))
        .isEqualTo(turn);
    for (ServerKind kind : new ServerKind[] {ServerKind.ANY, ServerKind.OLLAMA}) {
      assertThatThrownBy(() -> sent(Family.ANTHROPIC_MESSAGES, anthropic, kind))
          .hasMessageContaining("(lenient: thinking)");
      assertThatThrownBy(() -> sent(Family.CONVERSE, converse, kind))
          .hasMessageContaining("(lenient: thinking)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ANY, true",
    "OPENAI, false",
    "VLLM, true",
    "SGLANG, true",
    "LLAMA_CPP, true",
    "OLLAMA, false"
  })
  void topKIsRefusedWhereAServerWouldIgnoreIt(ServerKind kind, boolean isSent) {
    String body = ASKED.formatted("'top_k':40,");

    if (isSent) {
      assertThat(sent(Family.ANTHROPIC_MESSAGES, body, kind).path("top_k").intValue())
          .isEqualTo(40);
    } else {
      assertThatThrownBy(() -> sent(Family.ANTHROPIC_MESSAGES, body, kind))
          .hasMessageContaining("top_k has no counterpart on " + kind.wireName())
          .hasMessageContaining("(lenient: top-k)");
    }
  }

  @Test
  void converseSaysHowLongTheServerTook() {
    ModelOutput output =
        new ModelOutput("{\"a\":1}".getBytes(StandardCharsets.US_ASCII), TokenUsage.UNKNOWN);

    assertThat(Family.CONVERSE.timed(output, Duration.ofMillis(1234)).json())
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("{\"a\":1,\"metrics\":{\"latencyMs\":1234}}");
    assertThat(Family.NOVA.timed(output, Duration.ofMillis(1234))).isSameAs(output);
  }

  @Test
  void everyServerHasANameThatSettingsUse() {
    for (ServerKind kind : ServerKind.values()) {
      assertThat(ServerKind.ofWireName(kind.wireName())).contains(kind);
    }
  }
}
