package bedload.announce;

import java.util.List;

/** Somebody outside who is told of steps or of changes. Used by one thread at a time. */
public sealed interface Audience extends AutoCloseable permits EventFile, Webhook {
  /** Returns the name under which the books know it. */
  String name();

  /** Returns how many it takes at once. */
  int atOnce();

  /** Tells it these, and returns what came of it for all of them alike. */
  Reception tell(List<Notice> notices);

  @Override
  void close();
}
