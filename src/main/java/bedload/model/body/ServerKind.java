package bedload.model.body;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where OpenAI-compatible servers differ. All of it is here: what else depends on the server is in
 * its answer.
 */
public enum ServerKind {
  /** Nobody said which: extensions that most have are sent, and servers without them say so. */
  ANY(true, Thinking.NONE),
  /** OpenAI itself, and servers that take what is in its reference and nothing else. */
  OPENAI(false, Thinking.NONE),
  /** vLLM. */
  VLLM(true, Thinking.BY_TEMPLATE),
  /** SGLang. */
  SGLANG(true, Thinking.BY_TEMPLATE),
  /** llama.cpp's server. */
  LLAMA_CPP(true, Thinking.BY_TEMPLATE),
  /** Ollama, which ignores what it does not know instead of refusing it. */
  OLLAMA(false, Thinking.BY_EFFORT);

  /** How a server is asked to let its model think before it answers. */
  enum Thinking {
    /** It cannot be asked. */
    NONE,
    /** By an argument of the chat template; earlier thinking goes back with its turn. */
    BY_TEMPLATE,
    /** By OpenAI's reasoning_effort; earlier thinking is not taken. */
    BY_EFFORT
  }

  private final boolean takesTopK;
  private final Thinking thinking;

  ServerKind(boolean takesTopK, Thinking thinking) {
    this.takesTopK = takesTopK;
    this.thinking = thinking;
  }

  /** Says whether top_k is more than ignored or refused. */
  boolean takesTopK() {
    return takesTopK;
  }

  Thinking thinking() {
    return thinking;
  }

  /** Says whether the thinking of an earlier turn is taken back. */
  boolean takesEarlierThinking() {
    return thinking == Thinking.BY_TEMPLATE;
  }

  /** Returns the name that settings use. */
  public String wireName() {
    return this == LLAMA_CPP ? "llama.cpp" : name().toLowerCase(Locale.ROOT);
  }

  /** Returns all names that settings may use, for messages. */
  public static String wireNames() {
    return Arrays.stream(values()).map(ServerKind::wireName).collect(Collectors.joining(", "));
  }

  /** Returns what a name means; empty if nothing. */
  public static Optional<ServerKind> ofWireName(String name) {
    return Arrays.stream(values()).filter(kind -> kind.wireName().equals(name)).findFirst();
  }
}
