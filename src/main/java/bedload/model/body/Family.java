package bedload.model.body;

import bedload.job.ModelInvocationType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The families of bodies that bedload translates, and the ids of the models that speak them. */
@SuppressWarnings("ImmutableEnumChecker") // bodies are stateless and the lists made by List.of
public enum Family {
  /** Anthropic's Messages. */
  ANTHROPIC_MESSAGES("anthropic-messages", new AnthropicMessages(), "anthropic."),
  /** OpenAI's chat completions. */
  OPENAI_CHAT(
      "openai-chat",
      new OpenAiChat(),
      "openai.",
      "deepseek.v3",
      "google.gemma",
      "minimax.",
      "mistral.",
      "moonshot.",
      "moonshotai.",
      "nvidia.",
      "qwen.",
      "zai."),
  /** Bedrock's own Converse, which every model that chats can be asked in. */
  CONVERSE("converse", new Converse(Converse.Dialect.CONVERSE)),
  /** Amazon's Nova. */
  NOVA("nova", new Converse(Converse.Dialect.NOVA), "amazon.nova"),
  /** Amazon's Titan Text. */
  TITAN_TEXT("titan-text", new TitanText(), "amazon.titan-text"),
  /** Amazon's Titan Text Embeddings. */
  TITAN_EMBEDDING(
      "titan-embedding",
      new EmbeddingBody(TitanQuestion::of),
      "amazon.titan-embed-text",
      "sentence-transformers."),
  /** Cohere's Command R. */
  COHERE_COMMAND_R("cohere-command-r", new CohereCommandR(), "cohere.command-r"),
  /** Cohere's first Command models. */
  COHERE_COMMAND("cohere-command", new CohereCommand(), "cohere.command"),
  /** Cohere's Embed. */
  COHERE_EMBED("cohere-embed", new EmbeddingBody(CohereQuestion::of), "cohere.embed"),
  /** Meta's Llama. */
  LLAMA("llama", new Llama(), "meta.llama"),
  /** The prompts that Mistral's first models take; the later ones chat. */
  MISTRAL_PROMPT(
      "mistral-prompt",
      new MistralPrompt(),
      "mistral.mistral-7b",
      "mistral.mixtral",
      "mistral.mistral-large-2402",
      "mistral.mistral-small-2402"),
  /** The prompts of DeepSeek R1; later models of DeepSeek chat. */
  DEEPSEEK_R1("deepseek-r1", new DeepSeekPrompt(), "deepseek.r1");

  private final String wireName;
  private final BodyFamily body;
  private final List<String> prefixes;

  Family(String wireName, BodyFamily body, String... prefixes) {
    this.wireName = wireName;
    this.body = body;
    this.prefixes = List.of(prefixes);
  }

  /** Returns the name that settings use. */
  public String wireName() {
    return wireName;
  }

  /** Returns all names that settings may use, for messages. */
  public static String wireNames() {
    return Arrays.stream(values()).map(Family::wireName).collect(Collectors.joining(", "));
  }

  /** Returns the family of a name; empty if there is none. */
  public static Optional<Family> ofWireName(String name) {
    return Arrays.stream(values()).filter(family -> family.wireName.equals(name)).findFirst();
  }

  /**
   * Returns the family that follows from a model's id; empty if none does, or its bodies are not
   * yet translated.
   *
   * @param modelId without a region's prefix
   */
  public static Optional<Family> ofModelId(String modelId) {
    Family found = null;
    int longest = 0;
    for (Family family : values()) {
      for (String prefix : family.prefixes) {
        if (prefix.length() > longest && modelId.startsWith(prefix)) {
          longest = prefix.length();
          found = family;
        }
      }
    }
    return Optional.ofNullable(found);
  }

  /** Says whether models of this family embed texts instead of writing some. */
  public boolean embeds() {
    return body instanceof EmbeddingBody;
  }

  /**
   * Returns the family that a record's body is of.
   *
   * @throws UnfitBody if these models do not speak it
   */
  public Family under(ModelInvocationType type) {
    return switch (type) {
      case INVOKE_MODEL -> this;
      case CONVERSE -> {
        if (embeds()) {
          throw new UnfitBody("This model embeds texts; it does not take Converse bodies");
        }
        yield CONVERSE;
      }
    };
  }

  /**
   * Returns the call that asks an OpenAI-compatible server what the record asks its model.
   *
   * @throws UnfitBody if the body is wrong, or asks for what has no counterpart
   */
  public ServerCall toServer(JsonNode modelInput, Served served) {
    return body.toServer(modelInput, served);
  }

  /**
   * Returns the server's answer as the model would have given it.
   *
   * @throws UnusableAnswer if the answer lacks what it must have
   * @throws UnfitBody if the answer shows that the body asked for what this model cannot do
   */
  public ModelOutput fromServer(byte[] answer, JsonNode modelInput, Served served) {
    return body.fromServer(answer, modelInput, served);
  }

  /** Returns an answer with how long the server took for it, where the family has a place. */
  public ModelOutput timed(ModelOutput output, Duration took) {
    return body.timed(output, took);
  }
}
