package bedload.model.body;

import static bedload.model.body.Bodies.assertAnswered;
import static bedload.model.body.Bodies.assertRefused;
import static bedload.model.body.Bodies.assertSent;
import static bedload.model.body.Bodies.bytes;
import static bedload.model.body.Family.ANTHROPIC_MESSAGES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.job.TokenUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicMessagesTest {
  private static final String HEAD = "'anthropic_version':'bedrock-2023-05-31','max_tokens':9,";
  private static final String SIMPLE = "{" + HEAD + "'messages':[{'role':'user','content':'Hi'}]}";

  @Test
  void aPlainQuestionIsAChatOfOneMessage() {
    assertSent(
        ANTHROPIC_MESSAGES,
        "{"
            + HEAD
            + """
            'system':'Be brief.','temperature':0.10,'top_p':0.9,'top_k':40,'stop_sequences':['END'],
            'metadata':{'user_id':'u1'},'thinking':{'type':'disabled'},
            'messages':[{'role':'user','content':'Where is the sand?'}]}""",
        "chat/completions",
        """
        {'model':'served','max_tokens':9,'temperature':0.10,'top_p':0.9,'top_k':40,'stop':['END'],'user':'u1',
        'messages':[{'role':'system','content':'Be brief.'},{'role':'user','content':'Where is the sand?'}]}""");
  }

  @Test
  void imagesAreDataUrls() {
    assertSent(
        ANTHROPIC_MESSAGES,
        "{"
            + HEAD
            + """
            'messages':[{'role':'user','content':[
              {'type':'image','source':{'type':'base64','media_type':'image/png','data':'iVBORw=='}},
              {'type':'text','text':'What is it?'}]}]}""",
        "chat/completions",
        """
        {'model':'served','max_tokens':9,'messages':[{'role':'user','content':[
          {'type':'image_url','image_url':{'url':'data:image/png;base64,iVBORw=='}},
          {'type':'text','text':'What is it?'}]}]}""");
  }

  @Test
  void toolsTheirCallsAndTheirResultsAreTranslatedInOrder() {
    assertSent(
        ANTHROPIC_MESSAGES,
        "{"
            + HEAD
            + """
            'tools':[{'name':'depth','description':'Depth at a place','input_schema':{'type':'object'}}],
            'tool_choice':{'type':'any','disable_parallel_tool_use':true},
            'messages':[
              {'role':'user','content':'How deep?'},
              {'role':'assistant','content':[{'type':'text','text':'Let me look.'},
                {'type':'tool_use','id':'t1','name':'depth','input':{'place':'ford','n':1.50}}]},
              {'role':'user','content':[{'type':'tool_result','tool_use_id':'t1','content':[{'type':'text','text':'2 m'}]},
                {'type':'text','text':'And?'}]}]}""",
        "chat/completions",
        """
        {'model':'served','max_tokens':9,
        'tools':[{'type':'function','function':{'name':'depth','description':'Depth at a place','parameters':{'type':'object'}}}],
        'tool_choice':'required','parallel_tool_calls':false,
        'messages':[
          {'role':'user','content':'How deep?'},
          {'role':'assistant','content':'Let me look.','tool_calls':[
            {'id':'t1','type':'function','function':{'name':'depth','arguments':'{\\'place\\':\\'ford\\',\\'n\\':1.50}'}}]},
          {'role':'tool','tool_call_id':'t1','content':'2 m'},
          {'role':'user','content':'And?'}]}"""
            .replace("\\'", "\\\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'max_tokens':9,'messages':[]}                                              | anthropic_version: Field required
          {'anthropic_version':'2024','max_tokens':9,'messages':[]}                   | anthropic_version has to be bedrock-2023-05-31
          {'anthropic_version':'bedrock-2023-05-31','messages':[]}                    | max_tokens: Field required
          {HEAD 'messages':[]}                                                        | messages: at least one
          {HEAD 'model':'x','stream':true,'messages':[{'role':'user','content':'a'}]} | model, stream: Extra inputs are not permitted
          {HEAD 'messages':[{'role':'system','content':'a'}]}                         | messages[0].role has to be user or assistant
          {HEAD 'messages':[{'role':'user','content':'a','name':'n'}]}                | messages[0].name: Extra inputs
          {HEAD 'messages':[{'role':'user','content':[{'type':'document','source':{'type':'base64'}}]}]} | messages[0].content[0].source is of type base64, which
          {HEAD 'messages':[{'role':'user','content':[{'type':'text','text':'a','cache_control':{}}]}]} | messages[0].content[0].cache_control has no counterpart on an OpenAI-compatible server, which caches as it likes; the model's entry may let it be dropped (lenient: cache-control)
          {HEAD 'messages':[{'role':'user','content':'a'},{'role':'assistant','content':'{'}]} | ends with an assistant's turn
          {HEAD 'thinking':{'type':'enabled','budget_tokens':1024},'messages':[{'role':'user','content':'a'}]} | thinking is of type enabled
          {HEAD 'tools':[{'type':'bash_20250124','name':'bash'}],'messages':[{'role':'user','content':'a'}]} | tools[0] is of type bash_20250124
          {HEAD 'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','is_error':true}]}]} | messages[0].content[0].is_error
          {HEAD 'anthropic_beta':['x'],'messages':[{'role':'user','content':'a'}]}    | anthropic_beta has no counterpart
          """)
  void whatIsWrongOrHasNoCounterpartIsRefusedByName(String modelInput, String words) {
    assertRefused(ANTHROPIC_MESSAGES, modelInput.replace("HEAD", HEAD), words);
  }

  @Test
  void anAnswerIsAMessage() {
    ModelOutput output =
        assertAnswered(
            ANTHROPIC_MESSAGES,
            SIMPLE,
            """
            {'id':'c1','model':'served','choices':[{'index':0,'message':{'role':'assistant','content':'Below.'},'finish_reason':'stop'}],
            'usage':{'prompt_tokens':10,'completion_tokens':3,'prompt_tokens_details':{'cached_tokens':4}}}""",
            """
            {'id':'c1','type':'message','role':'assistant','model':'served','content':[{'type':'text','text':'Below.'}],
            'stop_reason':'end_turn','stop_sequence':null,
            'usage':{'input_tokens':6,'output_tokens':3,'cache_read_input_tokens':4}}""");
    assertThat(output.usage()).isEqualTo(new TokenUsage(6L, 3L, 4L, null));
  }

  @Test
  void toolCallsComeBackAsTheObjectsThatTheirTextHolds() {
    assertAnswered(
        ANTHROPIC_MESSAGES,
        SIMPLE,
        """
        {'id':'c1','choices':[{'message':{'content':null,'tool_calls':[
          {'id':'t1','type':'function','function':{'name':'depth','arguments':'{~place~: ~ford~}'}}]},'finish_reason':'tool_calls'}]}"""
            .replace("~", "\\\""),
        """
        {'id':'c1','type':'message','role':'assistant','model':null,
        'content':[{'type':'tool_use','id':'t1','name':'depth','input':{'place':'ford'}}],
        'stop_reason':'tool_use','stop_sequence':null}""");
  }

  @Test
  void aModelsOwnRefusalIsAnAnswer() {
    assertAnswered(
        ANTHROPIC_MESSAGES,
        SIMPLE,
        "{'id':'c1','choices':[{'message':{'content':null,'refusal':'No.'},'finish_reason':'stop'}]}",
        """
        {'id':'c1','type':'message','role':'assistant','model':null,'content':[{'type':'text','text':'No.'}],
        'stop_reason':'refusal','stop_sequence':null}""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'finish_reason':'length'                    | max_tokens    | null
          'finish_reason':'content_filter'            | refusal       | null
          'finish_reason':'stop'                      | end_turn      | null
          'finish_reason':'stop','stop_reason':'END'  | stop_sequence | 'END'
          'finish_reason':'stop','stop_reason':128009 | end_turn      | null
          """)
  void theEndHasAnthropicsWords(String finish, String reason, String sequence) {
    assertAnswered(
        ANTHROPIC_MESSAGES,
        SIMPLE,
        "{'id':'c1','choices':[{'message':{'content':'a'},%s}]}".formatted(finish),
        """
        {'id':'c1','type':'message','role':'assistant','model':null,'content':[{'type':'text','text':'a'}],
        'stop_reason':'%s','stop_sequence':%s}"""
            .formatted(reason, sequence));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []
          {}
          {'choices':[]}
          {'error':{'message':'x'}}
          {'choices':[{'message':{'content':'a'}}]}
          {'choices':[{'message':{'content':'a'},'finish_reason':'abort'}]}
          {'choices':[{'message':{'content':7},'finish_reason':'stop'}]}
          {'choices':[{'message':{'content':
          """)
  void anAnswerThatIsNoneIsSaidToBeUnusable(String answer) {
    assertThatThrownBy(
            () ->
                ANTHROPIC_MESSAGES.fromServer(
                    bytes(answer), Json.input(bytes(SIMPLE)), Served.strictly("served")))
        .isInstanceOf(UnusableAnswer.class);
  }
}
