package bedload.model.body;

import java.util.Set;

/**
 * The model of a server that bodies are translated for.
 *
 * @param name the server's own name for it
 * @param lenient what may be dropped of a body
 * @param kind which server it is
 */
public record Served(String name, Set<Droppable> lenient, ServerKind kind) {
  /** Makes a model of a server that nobody knows more of. */
  public Served(String name, Set<Droppable> lenient) {
    this(name, lenient, ServerKind.ANY);
  }

  public Served {
    lenient = Set.copyOf(lenient);
  }

  /** Returns a model for which nothing is dropped. */
  public static Served strictly(String name) {
    return new Served(name, Set.of());
  }
}
