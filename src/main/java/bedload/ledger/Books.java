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
    Announcements announcements,
    Audiences audiences,
    Nodes nodes,
    Grants grants,
    Installation installation) {
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
        new Announcements(jdbi, clock),
        new Audiences(jdbi, clock),
        new Nodes(jdbi),
        new Grants(jdbi),
        new Installation(jdbi));
  }
}
