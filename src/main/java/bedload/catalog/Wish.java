package bedload.catalog;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/**
 * Something that should be so in the server's own catalogs: a query that returns the statements
 * which are still needed for it, none once it is so. Roles belong to the whole server, and other
 * nodes and databases may be making the same ones at this moment.
 *
 * @param query may use the named parameters that {@link #fulfil} is given
 */
record Wish(String query) {
  private static final int ATTEMPTS = 10;

  private enum Outcome {
    DONE,
    NOT_PERMITTED,
    /** Somebody else did the same at the same time; whether that was enough is to be asked anew. */
    RACE_LOST
  }

  /**
   * Runs what is needed and returns what could not be had: the statements that somebody with more
   * rights would have to run.
   */
  List<String> fulfil(Jdbi jdbi, Map<String, String> parameters) {
    List<String> needed = needed(jdbi, parameters);
    for (int attempt = 0; attempt < ATTEMPTS && !needed.isEmpty(); attempt++) {
      Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
      for (String statement : needed) {
        outcomes.add(run(jdbi, statement));
      }
      needed = needed(jdbi, parameters);
      if (!outcomes.contains(Outcome.RACE_LOST)) {
        // To revoke without the right to it changes nothing and is a mere warning, so what counts
        // is what the query says now.
        return needed;
      }
    }
    return needed;
  }

  private List<String> needed(Jdbi jdbi, Map<String, String> parameters) {
    return jdbi.withHandle(
        handle -> {
          Query asked = handle.createQuery(query);
          parameters.forEach(asked::bind);
          return asked.mapTo(String.class).list();
        });
  }

  /** Runs a statement that is always needed; returns false if it is not permitted. */
  static boolean insist(Jdbi jdbi, String statement) {
    Outcome outcome = Outcome.RACE_LOST;
    for (int attempt = 0; attempt < ATTEMPTS && outcome == Outcome.RACE_LOST; attempt++) {
      outcome = run(jdbi, statement);
    }
    return outcome == Outcome.DONE;
  }

  private static Outcome run(Jdbi jdbi, String sql) {
    try {
      jdbi.useHandle(handle -> Ddl.run(handle, sql));
      return Outcome.DONE;
    } catch (Ddl.RefusedException e) {
      return switch (e.state()) {
        case "42501" -> Outcome.NOT_PERMITTED;
        // The role exists, or is being entered into a catalog by somebody else.
        case "42710", "23505" -> Outcome.RACE_LOST;
        default -> {
          if (!e.reason().contains("concurrently updated")) {
            throw e;
          }
          yield Outcome.RACE_LOST;
        }
      };
    }
  }
}
