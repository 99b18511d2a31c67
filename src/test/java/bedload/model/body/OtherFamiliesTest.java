package bedload.model.body;

import static bedload.model.body.Bodies.assertAnswered;
import static bedload.model.body.Bodies.assertRefused;
import static bedload.model.body.Bodies.assertSent;
import static bedload.model.body.Bodies.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.ModelInvocationType;
import bedload.job.TokenUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherFamiliesTest {
  private static final String COMPLETION =
      "{'choices':[{'text':' sand','finish_reason':'length'}],'usage':{'prompt_tokens':4,'completion_tokens':1}}";

  @Test
  void anOpenAiChatGoesThroughAsItIsUnderTheServedName() {
    assertSent(
        Family.OPENAI_CHAT,
        "{'messages':[{'role':'user','content':'a'}],'temperature':1e-1,'logit_bias':{'5':-100},'seed':12345678901234567890}",
        "chat/completions",
        "{'model':'served','messages':[{'role':'user','content':'a'}],'temperature':1e-1,'logit_bias':{'5':-100},'seed':12345678901234567890}");
    String answer =
        "{\n'id':'c',\n'choices':[{'message':{'content':'b'},'finish_reason':'stop'}],'usage':{'prompt_tokens':1,'completion_tokens':2},'extra':[1.10]}";
    ModelOutput output =
        assertAnswered(Family.OPENAI_CHAT, "{'messages':[]}", answer, answer.replace("\n", ""));
    assertThat(output.usage()).isEqualTo(TokenUsage.of(1L, 2L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          OPENAI_CHAT    | {'messages':[],'model':'gpt'}                    | model is not permitted here
          OPENAI_CHAT    | {'messages':[],'stream':true}                    | stream has to be false
          OPENAI_CHAT    | {'prompt':'a'}                                   | messages: Field required
          LLAMA          | {'prompt':'a','images':['x']}                    | images has no counterpart
          LLAMA          | {'prompt':'a','max_gen_len':0}                   | max_gen_len has to be a whole number of 1 or more
          MISTRAL_PROMPT | {'prompt':'a','messages':[]}                     | messages: Extra inputs
          TITAN_TEXT     | {'inputText':'a','textGenerationConfig':{'k':1}} | textGenerationConfig.k: Extra inputs
          TITAN_EMBEDDING| {'inputText':'a','texts':[]}                     | texts: Extra inputs
          CONVERSE       | {'messages':[{'role':'user','content':[{'video':{}}]}]}    | messages[0].content[0].video: Extra inputs
          CONVERSE       | {'messages':[{'role':'user','content':'a'}]}     | messages[0].content has to be an array
          CONVERSE       | {'messages':[{'role':'user','content':[{'text':'a'}]}],'guardrailConfig':{}}  | guardrailConfig cannot be honoured
          CONVERSE       | {'messages':[{'role':'user','content':[{'text':'a'}]}],'inferenceConfig':{'topK':3}} | inferenceConfig.topK: Extra inputs
          CONVERSE       | {'messages':[{'role':'user','content':[{'text':'a'}]}],'additionalModelRequestFields':{'k':3}} | additionalModelRequestFields.k has no counterpart on this model server; the model's entry may let it be dropped (lenient: additional-fields)
          NOVA           | {'messages':[{'role':'user','content':[{'image':{'format':'bmp'}}]}]} | format has to be png
          """)
  void whatIsWrongOrHasNoCounterpartIsRefusedByName(Family family, String body, String words) {
    assertRefused(family, body, words);
  }

  @Test
  void llamaIsACompletionWithTheDefaultsOfBedrock() {
    assertSent(
        Family.LLAMA,
        "{'prompt':'<|begin_of_text|>Where?','temperature':0}",
        "completions",
        "{'model':'served','prompt':'<|begin_of_text|>Where?','max_tokens':512,'temperature':0,'top_p':0.9}");
    assertAnswered(
        Family.LLAMA,
        "{'prompt':'a'}",
        COMPLETION,
        "{'generation':' sand','prompt_token_count':4,'generation_token_count':1,'stop_reason':'length'}");
  }

  @Test
  void mistralsPromptIsACompletion() {
    assertSent(
        Family.MISTRAL_PROMPT,
        "{'prompt':'<s>[INST]a[/INST]','max_tokens':7,'stop':['x'],'top_k':3}",
        "completions",
        "{'model':'served','prompt':'<s>[INST]a[/INST]','max_tokens':7,'temperature':0.5,'top_p':0.9,'top_k':3,'stop':['x']}");
    assertAnswered(
        Family.MISTRAL_PROMPT,
        "{'prompt':'a'}",
        COMPLETION,
        "{'outputs':[{'text':' sand','stop_reason':'length'}]}");
  }

  @Test
  void titanTextIsACompletion() {
    assertSent(
        Family.TITAN_TEXT,
        "{'inputText':'User: a\\nBot:','textGenerationConfig':{'maxTokenCount':5,'temperature':0.2}}",
        "completions",
        "{'model':'served','prompt':'User: a\\nBot:','max_tokens':5,'temperature':0.2,'top_p':0.9}");
    assertAnswered(
        Family.TITAN_TEXT,
        "{'inputText':'a'}",
        COMPLETION,
        "{'inputTextTokenCount':4,'results':[{'tokenCount':1,'outputText':' sand','completionReason':'LENGTH'}]}");
  }

  @Test
  void titanEmbeddingAsksTheServerForItsVector() {
    String body = "{'inputText':'a','dimensions':256,'normalize':false}";
    assertSent(
        Family.TITAN_EMBEDDING,
        body,
        "embeddings",
        "{'model':'served','input':'a','dimensions':256}");
    assertAnswered(
        Family.TITAN_EMBEDDING,
        "{'inputText':'a','embeddingTypes':['binary']}",
        "{'data':[{'embedding':[3.0,-4.0]}],'usage':{'prompt_tokens':2}}",
        "{'embedding':[0.6,-0.8],'embeddingsByType':{'binary':[1,0]},'inputTextTokenCount':2}");
    assertThatThrownBy(
            () ->
                Family.TITAN_EMBEDDING.fromServer(
                    bytes("{'data':[{'embedding':[3.0,-4.0]}]}"),
                    Json.input(bytes(body)),
                    Served.strictly("served")))
        .isInstanceOf(UnfitBody.class)
        .hasMessage("256 dimensions are asked for, but the model server answers with 2");
  }

  @Test
  void converseIsAChatWithToolsAndImages() {
    assertSent(
        Family.CONVERSE,
        """
        {'system':[{'text':'Be brief.'}],'inferenceConfig':{'maxTokens':5,'temperature':0.5,'topP':0.9,'stopSequences':['x']},
        'toolConfig':{'tools':[{'toolSpec':{'name':'depth','inputSchema':{'json':{'type':'object'}}}}],'toolChoice':{'tool':{'name':'depth'}}},
        'messages':[{'role':'user','content':[{'text':'How deep?'},{'image':{'format':'jpeg','source':{'bytes':'AAAA'}}}]},
          {'role':'assistant','content':[{'toolUse':{'toolUseId':'t1','name':'depth','input':{}}}]},
          {'role':'user','content':[{'toolResult':{'toolUseId':'t1','content':[{'json':{'m':2}}],'status':'success'}}]}]}""",
        "chat/completions",
        """
        {'model':'served','max_tokens':5,'temperature':0.5,'top_p':0.9,'stop':['x'],
        'tools':[{'type':'function','function':{'name':'depth','parameters':{'type':'object'}}}],
        'tool_choice':{'type':'function','function':{'name':'depth'}},
        'messages':[{'role':'system','content':'Be brief.'},
          {'role':'user','content':[{'type':'text','text':'How deep?'},{'type':'image_url','image_url':{'url':'data:image/jpeg;base64,AAAA'}}]},
          {'role':'assistant','content':null,'tool_calls':[{'id':'t1','type':'function','function':{'name':'depth','arguments':'{}'}}]},
          {'role':'tool','tool_call_id':'t1','content':'{~m~:2}'}]}"""
            .replace("~", "\\\""));
    assertAnswered(
        Family.CONVERSE,
        "{'messages':[]}",
        "{'choices':[{'message':{'content':'b'},'finish_reason':'length'}],'usage':{'prompt_tokens':1,'completion_tokens':2}}",
        """
        {'output':{'message':{'role':'assistant','content':[{'text':'b'}]}},'stopReason':'max_tokens',
        'usage':{'inputTokens':1,'outputTokens':2,'totalTokens':3}}""");
  }

  @Test
  void novaHasItsOwnFieldsBesides() {
    assertSent(
        Family.NOVA,
        "{'schemaVersion':'messages-v1','inferenceConfig':{'max_new_tokens':5,'topK':3},'messages':[{'role':'user','content':[{'text':'a'}]}]}",
        "chat/completions",
        "{'model':'served','max_tokens':5,'top_k':3,'messages':[{'role':'user','content':'a'}]}");
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic.claude-3-haiku-20240307-v1:0, ANTHROPIC_MESSAGES",
    "openai.gpt-oss-120b-1:0, OPENAI_CHAT",
    "deepseek.v3-v1:0, OPENAI_CHAT",
    "mistral.mistral-large-2407-v1:0, OPENAI_CHAT",
    "mistral.mistral-large-2402-v1:0, MISTRAL_PROMPT",
    "mistral.mixtral-8x7b-instruct-v0:1, MISTRAL_PROMPT",
    "amazon.nova-lite-v1:0, NOVA",
    "amazon.titan-text-express-v1, TITAN_TEXT",
    "amazon.titan-embed-text-v2:0, TITAN_EMBEDDING",
    "meta.llama3-2, LLAMA",
    "cohere.embed-english-v3, COHERE_EMBED",
    "cohere.embed-v4:0, COHERE_EMBED",
    "cohere.command-r-plus-v1:0, COHERE_COMMAND_R",
    "cohere.command-light-text-v14, COHERE_COMMAND",
    "deepseek.r1-v1:0, DEEPSEEK_R1",
    "my-own-model, "
  })
  void theFamilyFollowsFromTheId(String modelId, Family family) {
    assertThat(Family.ofModelId(modelId).orElse(null)).isEqualTo(family);
  }

  @Test
  void everyFamilyThatChatsIsSpokenToInConverse() {
    for (Family family : Family.values()) {
      assertThat(family.under(ModelInvocationType.INVOKE_MODEL)).isEqualTo(family);
      if (!family.embeds()) {
        assertThat(family.under(ModelInvocationType.CONVERSE)).isEqualTo(Family.CONVERSE);
      }
      assertThat(Family.ofWireName(family.wireName())).contains(family);
    }
  }
}
