package bedload.ledger;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Jdbi;

/** All books of the ledger over one database. */
public record Books(
    Ledger ledger,
    Tags tags,
    Steps steps,
    Queue queue,
    QueuePlaces queuePlaces,
    Shards shards,
    Inputs inputs,
    Tasks tasks,
    Announcements announcements) {
  /** Opens the books. */
  public static Books open(Jdbi jdbi, InstantSource clock, RandomGenerator random) {
    return new Books(
        new Ledger(jdbi, clock, random),
        new Tags(jdbi, clock),
        new Steps(jdbi, clock),
        new Queue(jdbi, clock),
        new QueuePlaces(jdbi, clock),
        new Shards(jdbi, clock),
        new Inputs(jdbi),
        new Tasks(jdbi),
        new Announcements(jdbi, clock));
  }
}
