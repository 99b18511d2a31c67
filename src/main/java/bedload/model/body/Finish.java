package bedload.model.body;

import java.util.Locale;

/** Why a model stopped writing; each family has its own words for these. */
enum Finish {
  /** It was done. */
  END,
  /** It came upon a stop sequence and the server said which. */
  STOP_SEQUENCE,
  /** It had written as many tokens as it may. */
  LENGTH,
  /** It wants tools to be called. */
  TOOL_USE,
  /** A filter took offence. */
  FILTERED;

  /**
   * Returns the meaning of a server's finish_reason.
   *
   * @throws UnusableAnswer if the server uses a word that no one else does
   */
  static Finish ofServer(String reason) {
    return switch (reason.toLowerCase(Locale.ROOT)) {
      case "stop", "eos" -> END;
      case "length", "model_length" -> LENGTH;
      case "tool_calls", "function_call" -> TOOL_USE;
      case "content_filter" -> FILTERED;
      // Servers say so when they gave up in the middle of an answer.
      default -> throw new UnusableAnswer("The answer ended with finish_reason '" + reason + "'");
    };
  }
}
