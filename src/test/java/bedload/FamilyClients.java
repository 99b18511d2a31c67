package bedload;

import bedload.model.body.Family;
import java.io.ByteArrayInputStream;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How programs read the answers of each family: Converse by AWS's SDK, the others as the examples
 * of their user guides do. Whatever is not where they look for it fails.
 */
final class FamilyClients {
  private FamilyClients() {}

  /** Returns what a program would go on with: the text, or the vector. */
  static String read(Family family, JsonNode output) {
    return switch (family) {
      case CONVERSE -> converse(output);
      case ANTHROPIC_MESSAGES -> texts(must(output, "/content"), "/text");
      case NOVA -> texts(must(output, "/output/message/content"), "/text");
      case OPENAI_CHAT -> text(output, "/choices/0/message/content");
      case COHERE_COMMAND_R -> text(output, "/text");
      case COHERE_COMMAND -> text(output, "/generations/0/text");
      case TITAN_TEXT -> text(output, "/results/0/outputText");
      case LLAMA -> text(output, "/generation");
      case MISTRAL_PROMPT -> text(output, "/outputs/0/text");
      case DEEPSEEK_R1 -> text(output, "/choices/0/text");
      case TITAN_EMBEDDING ->
          must(output, output.has("embedding") ? "/embedding/0" : "/embeddingsByType").toString();
      case COHERE_EMBED -> must(output, "/embeddings").toString();
    };
  }

  private static JsonNode must(JsonNode output, String place) {
    JsonNode value = output.at(place);
    if (value.isMissingNode() || value.isNull()) {
      throw new AssertionError("There is no %s in %s".formatted(place, output));
    }
    return value;
  }

  private static String text(JsonNode output, String place) {
    return must(output, place).stringValue();
  }

  private static String texts(JsonNode blocks, String place) {
    return StreamSupport.stream(blocks.spliterator(), false)
        .map(block -> text(block, place))
        .collect(Collectors.joining());
  }

  /** AWS's own reader, which is given the record's output as if Bedrock had answered it. */
  private static String converse(JsonNode output) {
    try (BedrockRuntimeClient client =
        BedrockRuntimeClient.builder()
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClient(new OneAnswer(JsonMapper.shared().writeValueAsBytes(output)))
            .build()) {
      ConverseResponse response = client.converse(request -> request.modelId("any"));
      if (response.metrics().latencyMs() == null || response.usage().totalTokens() < 1) {
        throw new AssertionError("Neither time nor tokens: " + response);
      }
      return response.output().message().content().stream()
              .map(ContentBlock::text)
              .collect(Collectors.joining())
          + " "
          + response.stopReason();
    }
  }

  /** Answers every request with the same bytes. */
  @SuppressWarnings("ArrayRecordComponent") // written once; nobody compares them
  private record OneAnswer(byte[] body) implements SdkHttpClient {
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          return HttpExecuteResponse.builder()
              .response(
                  SdkHttpResponse.builder()
                      .statusCode(200)
                      .putHeader("Content-Type", "application/json")
                      .build())
              .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
              .build();
        }

        @Override
        public void abort() {}
      };
    }

    @Override
    public void close() {}
  }
}
