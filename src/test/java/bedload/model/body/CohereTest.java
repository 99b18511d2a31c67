package bedload.model.body;

import static bedload.model.body.Bodies.assertAnswered;
import static bedload.model.body.Bodies.assertRefused;
import static bedload.model.body.Bodies.assertSent;
import static bedload.model.body.Bodies.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.TokenUsage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CohereTest {
  @Test
  void commandRIsAChatWithWhatWasSaidBefore() {
    assertSent(
        Family.COHERE_COMMAND_R,
        """
        {'message':'And the ford?','preamble':'Be brief.','p':0.5,'k':0,'seed':7,'max_tokens':9,
        'chat_history':[{'role':'USER','message':'How deep?'},{'role':'CHATBOT','message':'2 m.'}],
        'documents':[],'prompt_truncation':'OFF','stop_sequences':['x']}""",
        "chat/completions",
        """
        {'model':'served','max_tokens':9,'temperature':0.3,'top_p':0.5,'seed':7,'stop':['x'],
        'messages':[{'role':'system','content':'Be brief.'},{'role':'user','content':'How deep?'},
          {'role':'assistant','content':'2 m.'},{'role':'user','content':'And the ford?'}]}""");
    ModelOutput output =
        assertAnswered(
            Family.COHERE_COMMAND_R,
            "{'message':'a','chat_history':[{'role':'USER','message':'b'}]}",
            "{'id':'c1','choices':[{'message':{'content':'d'},'finish_reason':'length'}],'usage':{'prompt_tokens':3,'completion_tokens':1}}",
            """
            {'response_id':'c1','generation_id':'c1','text':'d','finish_reason':'MAX_TOKENS',
            'chat_history':[{'role':'USER','message':'b'},{'role':'USER','message':'a'},{'role':'CHATBOT','message':'d'}],
            'meta':{'billed_units':{'input_tokens':3,'output_tokens':1}}}""");
    assertThat(output.usage()).isEqualTo(TokenUsage.of(3L, 1L));
  }

  @Test
  void commandRsToolsHaveASchemaAndTheirResultsAreTurns() {
    assertSent(
        Family.COHERE_COMMAND_R,
        """
        {'message':'How deep?','temperature':0,'p':1,
        'tools':[{'name':'depth','description':'Depth','parameter_definitions':{
          'place':{'description':'Where','type':'str','required':true},'marks':{'type':'List[int]'}}}],
        'tool_results':[{'call':{'name':'depth','parameters':{'place':'ford'}},'outputs':[{'m':2}]}]}""",
        "chat/completions",
        """
        {'model':'served','temperature':0,'top_p':1,
        'tools':[{'type':'function','function':{'name':'depth','description':'Depth','parameters':{'type':'object',
          'properties':{'place':{'type':'string','description':'Where'},'marks':{'type':'array','items':{'type':'integer'}}},
          'required':['place']}}}],
        'messages':[{'role':'user','content':'How deep?'},
          {'role':'assistant','content':null,'tool_calls':[{'id':'call_0','type':'function','function':{'name':'depth','arguments':'{~place~:~ford~}'}}]},
          {'role':'tool','tool_call_id':'call_0','content':'[{~m~:2}]'}]}"""
            .replace("~", "\\\""));
    assertAnswered(
        Family.COHERE_COMMAND_R,
        "{'message':'a'}",
        "{'id':'c1','choices':[{'message':{'content':null,'tool_calls':[{'function':{'name':'depth','arguments':'{}'}}]},'finish_reason':'tool_calls'}]}",
        """
        {'response_id':'c1','generation_id':'c1','text':'','finish_reason':'COMPLETE',
        'chat_history':[{'role':'USER','message':'a'},{'role':'CHATBOT','message':'','tool_calls':[{'name':'depth','parameters':{}}]}],
        'tool_calls':[{'name':'depth','parameters':{}}]}""");
  }

  @Test
  void commandsPromptIsAnInstructionAndSoAChat() {
    assertSent(
        Family.COHERE_COMMAND,
        "{'prompt':'Write.','num_generations':1,'return_likelihoods':'NONE','truncate':'NONE','stream':false,'k':5}",
        "chat/completions",
        "{'model':'served','max_tokens':20,'temperature':0.9,'top_p':0.75,'top_k':5,'messages':[{'role':'user','content':'Write.'}]}");
    assertAnswered(
        Family.COHERE_COMMAND,
        "{'prompt':'Write.'}",
        "{'id':'c1','choices':[{'message':{'content':'d'},'finish_reason':'stop'}]}",
        "{'id':'c1','prompt':'Write.','generations':[{'id':'c1','text':'d','finish_reason':'COMPLETE'}]}");
  }

  @Test
  void embedAsksForAllTextsAtOnceAndSortsTheVectors() {
    String body = "{'texts':['a','b'],'input_type':'search_document'}";
    assertSent(Family.COHERE_EMBED, body, "embeddings", "{'model':'served','input':['a','b']}");
    ModelOutput output =
        Family.COHERE_EMBED.fromServer(
            bytes(
                "{'data':[{'index':1,'embedding':[3,4]},{'index':0,'embedding':[0.5,-1]}],'usage':{'prompt_tokens':2}}"),
            Json.input(bytes(body)),
            Served.strictly("served"));
    assertThat(new String(output.json(), StandardCharsets.UTF_8))
        .contains(
            "\"response_type\":\"embeddings_floats\"",
            "\"embeddings\":[[0.5,-1.0],[3.0,4.0]]",
            "\"texts\":[\"a\",\"b\"]");
    assertThat(output.usage()).isEqualTo(TokenUsage.of(2L, 0L));
  }

  @Test
  void embeddingTypesAreNamedAndBitsArePacked() {
    ModelOutput output =
        Family.COHERE_EMBED.fromServer(
            bytes("{'data':[{'index':0,'embedding':[1,-1,1,0,0,0,0,1,1]}]}"),
            Json.input(
                bytes(
                    "{'texts':['a'],'input_type':'clustering','embedding_types':['ubinary','binary']}")),
            Served.strictly("served"));
    assertThat(new String(output.json(), StandardCharsets.UTF_8))
        .contains(
            "\"response_type\":\"embeddings_by_type\"",
            "\"embeddings\":{\"binary\":[[33,0]],\"ubinary\":[[161,128]]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          COHERE_COMMAND_R | {'messages':[]}                                          | message: Field required
          COHERE_COMMAND_R | {'message':'a','documents':[{'title':'t'}]}              | documents cannot be cited
          COHERE_COMMAND_R | {'message':'a','raw_prompting':true}                     | raw_prompting is true
          COHERE_COMMAND_R | {'message':'a','chat_history':[{'role':'user','message':'b'}]} | chat_history[0].role has to be USER
          COHERE_COMMAND_R | {'message':'a','tools':[{'name':'t','parameter_definitions':{'x':{'type':'Foo'}}}]} | tools[0].parameter_definitions.x.type has to be
          COHERE_COMMAND   | {'prompt':'a','num_generations':3}                       | num_generations has to be 1
          COHERE_COMMAND   | {'prompt':'a','return_likelihoods':'ALL'}                | return_likelihoods has to be NONE
          COHERE_EMBED     | {'texts':['a']}                                          | input_type: Field required
          COHERE_EMBED     | {'texts':[],'input_type':'clustering'}                   | texts has to hold 1 to 96 texts
          COHERE_EMBED     | {'texts':['a'],'input_type':'image'}                     | input_type has to be
          COHERE_EMBED     | {'input_type':'clustering','images':['x']}               | images has no counterpart
          COHERE_EMBED     | {'texts':['a'],'input_type':'clustering','embedding_types':['int8']} | embedding_types[0] is int8, which needs ranges
          COHERE_EMBED     | {'texts':['a'],'input_type':'clustering','truncate':'END'} | lenient: truncate
          """)
  void whatIsWrongOrHasNoCounterpartIsRefusedByName(Family family, String body, String words) {
    assertRefused(family, body, words);
  }

  @Test
  void anAnswerWithAnotherNumberOfVectorsIsUnusable() {
    assertThatThrownBy(
            () ->
                Family.COHERE_EMBED.fromServer(
                    bytes("{'data':[{'index':0,'embedding':[1]}]}"),
                    Json.input(bytes("{'texts':['a','b'],'input_type':'clustering'}")),
                    Served.strictly("served")))
        .isInstanceOf(UnusableAnswer.class)
        .hasMessageContaining("has to hold 2 embeddings");
  }
}
