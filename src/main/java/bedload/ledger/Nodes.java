package bedload.ledger;

import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The book of the processes that are this service. Thread-safe. */
public final class Nodes {
  private final Jdbi jdbi;

  /** Makes the book over a database. */
  public Nodes(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * What a node says of itself.
   *
   * @param role api, worker or all
   * @param address where it serves; empty if it does not
   * @param process the process's id and its host
   */
  public record Self(String name, String role, String address, String process, String version) {}

  /**
   * A node and what it does with a model's limit at this moment; one line for each model that it
   * has a share of, and one without a model if it has none.
   *
   * @param started in UTC, by the database's clock
   * @param silentSeconds since it was last heard of
   */
  public record Line(
      String node,
      String role,
      String address,
      String process,
      String version,
      String started,
      long silentSeconds,
      long shards,
      @Nullable String model,
      @Nullable Integer granted,
      @Nullable Integer inFlight,
      @Nullable String reason) {}

  private static final String JOIN =
      """
      insert into ledger.node (name, role, address, process, version, started_at, seen_at)
      values (:name, :role, :address, :process, :version, clock_timestamp(), clock_timestamp())
      on conflict (name) do update
         set role = :role, address = :address, process = :process, version = :version,
             started_at = clock_timestamp(), seen_at = clock_timestamp()
      """;

  private static final String FORGET =
      """
      delete from ledger.node
       where seen_at < clock_timestamp() - interval '1 day'
      """;

  /** Writes that a node has started, and forgets those that nobody has heard of for a day. */
  public void join(Self self) {
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(JOIN)
              .bind("name", self.name())
              .bind("role", self.role())
              .bind("address", self.address())
              .bind("process", self.process())
              .bind("version", self.version())
              .execute();
          handle.execute(FORGET);
        });
  }

  private static final String SEEN =
      """
      update ledger.node
         set seen_at = clock_timestamp()
       where name = :name
      """;

  /** Writes that a node lives. */
  public void seen(String name) {
    jdbi.useHandle(handle -> handle.createUpdate(SEEN).bind("name", name).execute());
  }

  private static final String LEAVE =
      """
      delete from ledger.node
       where name = :name
      """;

  /** Writes that a node has ended in order. */
  public void leave(String name) {
    jdbi.useHandle(handle -> handle.createUpdate(LEAVE).bind("name", name).execute());
  }

  private static final String LINES =
      """
      select node.name, node.role, node.address, node.process, node.version,
             to_char(node.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as started,
             greatest(0, extract(epoch from clock_timestamp() - node.seen_at))::bigint as silent,
             (select count(*)
                from ledger.shard
               where shard.node = node.name and shard.state = 'Running') as shards,
             share.model, share.granted, share.in_flight, share.reason
        from ledger.node
        left join ledger.model_grant share
          on share.node = node.name and share.expires_at > clock_timestamp()
       order by node.started_at, node.name, share.model
      """;

  /** Returns all nodes that have not ended in order, the oldest first. */
  public List<Line> lines() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(LINES)
                .map(
                    (row, context) ->
                        new Line(
                            row.getString("name"),
                            row.getString("role"),
                            row.getString("address"),
                            row.getString("process"),
                            row.getString("version"),
                            row.getString("started"),
                            row.getLong("silent"),
                            row.getLong("shards"),
                            row.getString("model"),
                            row.getObject("granted", Integer.class),
                            row.getObject("in_flight", Integer.class),
                            row.getString("reason")))
                .list());
  }
}
