package bedload.work;

import bedload.ledger.Grants;
import bedload.model.InFlightLimit;
import bedload.model.ModelMap;
import bedload.model.WindowReason;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's shares of what models may be called, by renewing them twice a second, and every
 * two seconds while nobody calls: a share is held all the same, so that the first call of a job
 * waits for nothing. A share that could not be renewed ends by this node's own monotonic clock
 * before the book gives it to another, and with it every call that has not been begun.
 */
final class GrantKeeper implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(GrantKeeper.class);
  private static final Duration EVERY = Duration.ofMillis(500);

  /** Another node that could use the share of an idle one waits about that long for it. */
  static final Duration IDLE_EVERY = Duration.ofSeconds(2);

  /** Longer than a database takes to restart, and than most calls of a dead node go on. */
  static final Duration TERM = Duration.ofSeconds(10);

  private final String node;
  private final Grants grants;
  private final List<ModelMap.Shared> shared;
  private final LongSupplier nanoTime;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, WindowReason.Cause> told = new HashMap<>();

  /** Of each model that was idle at its last renewal, when that was. */
  private final Map<String, Long> idleRenewedAtNanos = new HashMap<>();

  private long askedAtNanos;
  private boolean failing;

  GrantKeeper(String node, Grants grants, List<ModelMap.Shared> shared, LongSupplier nanoTime) {
    this.node = node;
    this.grants = grants;
    this.shared = shared;
    this.nanoTime = nanoTime;
    this.askedAtNanos = nanoTime.getAsLong();
    // Before the first renewal nothing may be called, and what the settings say holds for all.
    shared.forEach(model -> model.limit().grant(0, nanoTime.getAsLong()));
    grants.set(
        shared.stream()
            .map(
                model ->
                    new Grants.Limit(
                        model.key(),
                        model.maxInFlight(),
                        model.rates().requestsPerMinute(),
                        model.rates().tokensPerMinute()))
            .toList());
  }

  /** Renews once, then again and again until this is closed. */
  void start() {
    step();
    Thread.ofVirtual().name("grants").start(this::renewUntilClosed);
  }

  private void renewUntilClosed() {
    try {
      while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          step();
          failing = false;
        } catch (RuntimeException e) {
          if (!failing) {
            LOG.warn("The shares of models cannot be renewed yet: {}", e.getMessage());
          }
          failing = true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Renews the shares that are due: of models that are called, and of others now and then. */
  void step() {
    if (shared.isEmpty()) {
      return;
    }
    // From before the question: the book counts the term from after it.
    long asked = nanoTime.getAsLong();
    Duration since = Duration.ofNanos(asked - askedAtNanos);
    askedAtNanos = asked;
    List<Grants.Wish> wishes = new ArrayList<>();
    for (ModelMap.Shared model : shared) {
      Grants.Wish wish = wish(model, since);
      if (isDue(wish, asked)) {
        wishes.add(wish);
      }
    }
    if (wishes.isEmpty()) {
      return;
    }
    Map<String, Grants.Grant> renewed = grants.renew(node, TERM, wishes);
    for (Grants.Wish wish : wishes) {
      if (wish.wanted() > 0) {
        idleRenewedAtNanos.remove(wish.model());
      } else {
        idleRenewedAtNanos.put(wish.model(), asked);
      }
    }
    for (ModelMap.Shared model : shared) {
      Grants.Grant grant = renewed.get(model.key());
      if (grant != null) {
        if (grant.isRated()) {
          model.limit().allow(grant.requests(), grant.tokens());
        }
        model.limit().grant(grant.calls(), asked + TERM.toNanos());
      }
    }
  }

  private boolean isDue(Grants.Wish wish, long asked) {
    Long renewedAt = idleRenewedAtNanos.get(wish.model());
    return wish.wanted() > 0 || renewedAt == null || asked - renewedAt >= IDLE_EVERY.toNanos();
  }

  private Grants.Wish wish(ModelMap.Shared model, Duration since) {
    InFlightLimit limit = model.limit();
    InFlightLimit.Demand demand = limit.demand(since);
    WindowReason why = limit.why();
    tell(model.key(), why);
    return new Grants.Wish(
        model.key(),
        Math.min(demand.inFlight(), model.maxInFlight()),
        demand.calls(),
        demand.tokens(),
        why.sentence(),
        cap -> {
          limit.cap(cap);
          return limit.inFlight();
        });
  }

  private void tell(String model, WindowReason why) {
    // A dip is over in a moment, and an end of growth that comes and goes is no news either.
    boolean isNews =
        switch (why.cause()) {
          case REFUSED, RESTING, CAPPED, ENOUGH -> true;
          case STARTING, GROWING, DIPPING, FIXED -> false;
        };
    if (isNews && told.put(model, why.cause()) != why.cause()) {
      LOG.info("Calls to {}: {}", model, why.sentence());
    }
  }

  /** Ends the renewals; the shares stay this node's until {@link #giveBack} or their end. */
  @Override
  public void close() {
    closing.countDown();
  }

  /** Lets others have the shares at once; nothing may be called any more. */
  void giveBack() {
    try {
      grants.giveBack(node);
    } catch (RuntimeException e) {
      LOG.debug("The shares of models end by themselves", e);
    }
  }
}
