package bedload.announce;

import java.util.List;

/** Somebody outside who is told of steps. Used by one thread at a time. */
public sealed interface Audience extends AutoCloseable permits EventFile, Webhook {
  /** Returns the name under which the books know it. */
  String name();

  /** Returns how many steps it takes at once. */
  int atOnce();

  /** Tells it these steps, and returns what came of it for all of them alike. */
  Reception tell(List<StateChange> changes);

  @Override
  void close();
}
