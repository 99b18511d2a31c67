package bedload.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The book in which nodes share what a model may be called. The row of the limit is locked while a
 * grant is renewed, a grant shrinks at once and grows only by what is free: so the grants that have
 * not expired never sum to more than the limit, without a node that would be in charge. All times
 * are the database's. Thread-safe.
 */
public final class Grants {
  private final Jdbi jdbi;

  /** Makes the book over a database. */
  public Grants(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * What a model may be called, over all nodes.
   *
   * @param maxCalls in flight at once
   * @param requestsPerMinute null for as many as may be
   * @param tokensPerMinute in and out; null for as many as may be
   */
  public record Limit(
      String model,
      int maxCalls,
      @Nullable Integer requestsPerMinute,
      @Nullable Long tokensPerMinute) {}

  private static final String SET =
      """
      insert into ledger.model_limit (
             model, max_calls, requests_per_minute, tokens_per_minute, filled_at)
      values (:model, :maxCalls, :requests, :tokens, clock_timestamp())
      on conflict (model) do update
         set max_calls = :maxCalls, requests_per_minute = :requests, tokens_per_minute = :tokens
      """;

  /** Sets limits for all nodes; they follow with their next renewals. */
  public void set(Collection<Limit> limits) {
    jdbi.useTransaction(
        handle -> {
          // All in one order, or two nodes could wait for each other.
          for (Limit limit : sorted(limits, Comparator.comparing(Limit::model))) {
            handle
                .createUpdate(SET)
                .bind("model", limit.model())
                .bind("maxCalls", limit.maxCalls())
                .bind("requests", limit.requestsPerMinute())
                .bind("tokens", limit.tokensPerMinute())
                .execute();
          }
        });
  }

  /**
   * What a node wants of a model.
   *
   * @param wanted calls in flight that it could make use of
   * @param requests that it could begin before its next renewal, beyond what it has left
   * @param tokens likewise
   * @param reason why it makes as many calls at once as it does, for people
   * @param shrink takes the most calls that may be in flight from now on, holds to it at once, and
   *     returns how many are in flight
   */
  public record Wish(
      String model,
      int wanted,
      double requests,
      double tokens,
      String reason,
      IntUnaryOperator shrink) {}

  /**
   * What a node gets.
   *
   * @param calls in flight at once
   * @param isRated whether requests and tokens count
   */
  public record Grant(int calls, boolean isRated, double requests, double tokens) {}

  private static final String LOCK =
      """
      select max_calls, requests_per_minute, tokens_per_minute, requests_left, tokens_left,
             greatest(0, extract(epoch from clock_timestamp() - filled_at))::double precision as seconds
        from ledger.model_limit
       where model = :model
         for update
      """;

  private static final String OTHERS =
      """
      select granted, wanted
        from ledger.model_grant
       where model = :model and node <> :node and expires_at > clock_timestamp()
      """;

  private static final String MINE =
      """
      select granted
        from ledger.model_grant
       where model = :model and node = :node and expires_at > clock_timestamp()
      """;

  private static final String WRITE =
      """
      insert into ledger.model_grant (model, node, granted, wanted, in_flight, reason, expires_at)
      values (:model, :node, :granted, :wanted, :inFlight, :reason, clock_timestamp() + :term * interval '1 millisecond')
      on conflict (model, node) do update
         set granted = excluded.granted, wanted = excluded.wanted, in_flight = excluded.in_flight,
             reason = excluded.reason, expires_at = excluded.expires_at
      """;

  private static final String FILL =
      """
      update ledger.model_limit
         set requests_left = :requests, tokens_left = :tokens,
             filled_at = filled_at + :seconds * interval '1 second'
       where model = :model
      """;

  /**
   * Renews a node's grants.
   *
   * @param term after which they expire; the caller counts it from before this call
   * @return what it gets of each model
   */
  public Map<String, Grant> renew(String node, Duration term, Collection<Wish> wishes) {
    return jdbi.inTransaction(
        handle -> {
          Map<String, Grant> grants = new TreeMap<>();
          for (Wish wish : sorted(wishes, Comparator.comparing(Wish::model))) {
            grants.put(wish.model(), renew(handle, node, term, wish));
          }
          return grants;
        });
  }

  private record Row(
      int maxCalls,
      @Nullable Integer requestsPerMinute,
      @Nullable Long tokensPerMinute,
      double requestsLeft,
      double tokensLeft,
      double seconds) {}

  private record Other(int granted, int wanted) {}

  private static Grant renew(Handle handle, String node, Duration term, Wish wish) {
    Row limit =
        handle
            .createQuery(LOCK)
            .bind("model", wish.model())
            .map(
                (row, context) ->
                    new Row(
                        row.getInt("max_calls"),
                        row.getObject("requests_per_minute", Integer.class),
                        row.getObject("tokens_per_minute", Long.class),
                        row.getDouble("requests_left"),
                        row.getDouble("tokens_left"),
                        row.getDouble("seconds")))
            .one();
    List<Other> others =
        handle
            .createQuery(OTHERS)
            .bind("model", wish.model())
            .bind("node", node)
            .map((row, context) -> new Other(row.getInt("granted"), row.getInt("wanted")))
            .list();
    int mine =
        handle
            .createQuery(MINE)
            .bind("model", wish.model())
            .bind("node", node)
            .mapTo(Integer.class)
            .findOne()
            .orElse(0);
    int free = Math.max(0, limit.maxCalls() - others.stream().mapToInt(Other::granted).sum());
    int target =
        FairShare.of(limit.maxCalls(), wish.wanted(), others.stream().map(Other::wanted).toList());
    int calls = Math.min(target, free);
    // What is in flight beyond the target ends by itself; until then nobody else may count on it.
    int inFlight = wish.shrink().applyAsInt(Math.min(calls, mine));
    int granted = Math.min(Math.max(calls, inFlight), free);
    handle
        .createUpdate(WRITE)
        .bind("model", wish.model())
        .bind("node", node)
        .bind("granted", granted)
        .bind("wanted", wish.wanted())
        .bind("inFlight", inFlight)
        .bind("reason", wish.reason())
        .bind("term", term.toMillis())
        .execute();
    return draw(handle, limit, wish, calls);
  }

  /** Hands out requests and tokens of the minute, at most two seconds' worth at a time. */
  private static Grant draw(Handle handle, Row limit, Wish wish, int calls) {
    Integer requestsPerMinute = limit.requestsPerMinute();
    Long tokensPerMinute = limit.tokensPerMinute();
    if (requestsPerMinute == null && tokensPerMinute == null) {
      return new Grant(calls, false, 0, 0);
    }
    double requestRate = requestsPerMinute == null ? 0 : requestsPerMinute / 60.0;
    double tokenRate = tokensPerMinute == null ? 0 : tokensPerMinute / 60.0;
    double requestsLeft = filled(limit.requestsLeft(), requestRate, limit.seconds());
    double tokensLeft = filled(limit.tokensLeft(), tokenRate, limit.seconds());
    double requests =
        requestsPerMinute == null
            ? Double.POSITIVE_INFINITY
            : Math.clamp(wish.requests(), 0, requestsLeft);
    double tokens =
        tokensPerMinute == null
            ? Double.POSITIVE_INFINITY
            : Math.clamp(wish.tokens(), 0, Math.max(0, tokensLeft));
    handle
        .createUpdate(FILL)
        .bind("model", wish.model())
        .bind("seconds", limit.seconds())
        .bind("requests", requestsPerMinute == null ? 0 : requestsLeft - requests)
        .bind("tokens", tokensPerMinute == null ? 0 : tokensLeft - tokens)
        .execute();
    return new Grant(calls, true, requests, tokens);
  }

  /** A bucket of two seconds' worth, and of one request at least. */
  private static double filled(double left, double perSecond, double seconds) {
    return Math.min(Math.max(1, 2 * perSecond), left + perSecond * seconds);
  }

  private static final String GIVE_BACK =
      """
      delete from ledger.model_grant
       where node = :node
      """;

  /** Frees all of a node's grants at once; it must make no calls any more. */
  public void giveBack(String node) {
    jdbi.useHandle(handle -> handle.createUpdate(GIVE_BACK).bind("node", node).execute());
  }

  private static final String SUM =
      """
      select coalesce(sum(granted), 0)
        from ledger.model_grant
       where model = :model and expires_at > clock_timestamp()
      """;

  /** Returns the sum of all grants of a model that have not expired. */
  public int granted(String model) {
    return jdbi.withHandle(
        handle -> handle.createQuery(SUM).bind("model", model).mapTo(Integer.class).one());
  }

  private static <T> List<T> sorted(Collection<T> items, Comparator<T> order) {
    List<T> list = new ArrayList<>(items);
    list.sort(order);
    return list;
  }
}
