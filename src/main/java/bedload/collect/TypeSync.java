package bedload.collect;

import bedload.catalog.Catalog;
import bedload.catalog.CollectPlan;
import bedload.catalog.CollectPlan.Incremental;
import bedload.catalog.CollectPlan.Paging;
import bedload.catalog.RecordedCounts;
import bedload.catalog.ResourceRows;
import bedload.catalog.ResourceType;
import bedload.catalog.SourceCursor;
import bedload.catalog.SourceLease;
import bedload.catalog.Sources;
import bedload.catalog.Unfinished;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * One listing of a type in a source: what is new, and what had not come to rest when it was last
 * seen. Every page is kept with the place that the listing has come to, so one that breaks off goes
 * on there. What is not listed is not touched: a resource that is gone, or a list that was cut
 * short, looks just the same.
 */
final class TypeSync {
  /** They are in memory, and those of one more transaction. */
  private static final int PAGES_AHEAD = 3;

  private final Source source;
  private final ResourceType type;
  private final CollectPlan plan;
  private final PacedProvider provider;
  private final SourceLease lease;
  private final Jdbi jdbi;
  private final Catalog catalog;
  private final Sources sources;
  private final InstantSource clock;
  private final Observations observations;
  private RecordedCounts counts = RecordedCounts.NONE;

  /**
   * A page of the list, made ready to be written.
   *
   * @param reached the place that the listing has come to with it; empty if it has none
   * @param next the members of the request for the page after it; empty for the last one
   */
  private record Page(
      ResourceRows rows, Optional<Instant> reached, Optional<Map<String, Object>> next) {}

  TypeSync(
      Source source,
      ResourceType type,
      PacedProvider provider,
      SourceLease lease,
      Jdbi jdbi,
      Catalog catalog,
      Sources sources,
      InstantSource clock) {
    this.source = source;
    this.type = type;
    this.plan = type.collect();
    this.provider = provider;
    this.lease = lease;
    this.jdbi = jdbi;
    this.catalog = catalog;
    this.sources = sources;
    this.clock = clock;
    this.observations = new Observations(source, type, provider);
  }

  /** Returns what became of all that was seen, also when {@link #run} was cut short. */
  RecordedCounts counts() {
    return counts;
  }

  /** Returns sentences about what could not be had beside the resources themselves. */
  Set<String> troubles() {
    return observations.troubles();
  }

  /**
   * Lists and keeps.
   *
   * @throws SourceTrouble if the provider does not answer; what came before is kept
   */
  void run() {
    Instant began = clock.instant();
    SourceCursor cursor = sources.cursor(lease, type);
    Instant from = plan.incremental().map(how -> from(how, cursor, began)).orElse(null);
    Instant listFrom = from == null ? null : lookAgain(from, began);
    list(listFrom);
    boolean wasFull = listFrom == null || cursor.fullAt() == null;
    keep(List.of(), new SourceCursor(null, wasFull ? began : null));
  }

  /** Returns where to begin to list; null for the beginning. */
  private static @Nullable Instant from(Incremental how, SourceCursor cursor, Instant now) {
    Instant fullAt = cursor.fullAt();
    boolean isStale = fullAt != null && fullAt.plus(how.fullEvery()).isBefore(now);
    return cursor.reached() == null || isStale ? null : cursor.reached().minus(how.overlap());
  }

  /**
   * Sees to resources from before the listing that have not come to rest, in whichever way takes
   * fewer calls: by asking for each, or by listing from further back.
   *
   * @return where the listing has to begin
   */
  private Instant lookAgain(Instant from, Instant now) {
    Unfinished unfinished = catalog.unfinished(type);
    String account = source.account().value();
    List<Unfinished.Resource> open = unfinished.before(account, source.region(), from, now);
    if (open.isEmpty()) {
      return from;
    }
    Instant oldest = open.getFirst().at();
    int pageSize = plan.list().paging().map(Paging::size).orElse(Integer.MAX_VALUE);
    int pages = 1 + unfinished.countBetween(account, source.region(), oldest, from) / pageSize;
    if (plan.get().isEmpty() || open.size() > pages || open.size() > Unfinished.MOST) {
      return oldest.minusMillis(1);
    }
    for (Unfinished.Resource resource : open) {
      Instant seen = clock.instant();
      keep(
          observations.one(plan.get().orElseThrow().call(), resource.key(), seen).stream()
              .map(seenNow -> catalog.rows(List.of(seenNow)))
              .toList(),
          null);
    }
    return from;
  }

  /**
   * Lists from a time on. Pages are asked for while others are written, and those that have come in
   * the meantime are written together.
   */
  private void list(@Nullable Instant from) {
    try (Ahead<Page> pages = Ahead.start("source-page", PAGES_AHEAD, following(members(from)))) {
      for (List<Page> some = pages.take(); !some.isEmpty(); some = pages.take()) {
        keep(
            some.stream().map(Page::rows).toList(),
            some.stream()
                .flatMap(page -> page.reached().stream())
                .max(Comparator.naturalOrder())
                .map(latest -> new SourceCursor(latest, null))
                .orElse(null));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceTrouble("The service ended before the sync was done", true);
    }
  }

  /** Returns what gives one page after the other. */
  private Supplier<Optional<Page>> following(Map<String, Object> first) {
    AtomicReference<Optional<Map<String, Object>>> next = new AtomicReference<>(Optional.of(first));
    return () -> {
      Optional<Page> page = next.get().map(this::page);
      next.set(page.flatMap(Page::next));
      return page;
    };
  }

  /** Returns the members of the request for the first page. */
  private Map<String, Object> members(@Nullable Instant from) {
    Map<String, Object> members = new HashMap<>();
    plan.incremental()
        .ifPresent(
            how -> {
              members.putAll(how.order());
              if (from != null) {
                members.put(how.member(), from);
              }
            });
    plan.list().paging().ifPresent(paging -> members.put(paging.sizeMember(), paging.size()));
    return members;
  }

  private Page page(Map<String, Object> members) {
    Instant seen = clock.instant();
    Map<String, Object> answer = provider.answer(plan.service(), plan.list().operation(), members);
    List<Map<?, ?>> items = items(answer);
    Optional<Map<String, Object>> next =
        plan.list()
            .paging()
            .filter(paging -> answer.get(paging.responseToken()) != null)
            .map(
                paging -> {
                  Map<String, Object> following = new HashMap<>(members);
                  following.put(paging.requestToken(), answer.get(paging.responseToken()));
                  return following;
                });
    return new Page(catalog.rows(observations.listed(items, seen)), reached(items), next);
  }

  private List<Map<?, ?>> items(Map<String, Object> page) {
    List<Map<?, ?>> items = new ArrayList<>();
    if (page.get(plan.list().items()) instanceof List<?> list) {
      list.forEach(item -> items.add((Map<?, ?>) item));
    }
    return items;
  }

  /** Returns the latest time on a page of a list that goes from old to new; empty for others. */
  private Optional<Instant> reached(List<Map<?, ?>> items) {
    return plan.incremental()
        .filter(how -> !how.order().isEmpty())
        .map(how -> type.path(how.column()))
        .flatMap(
            age ->
                items.stream().flatMap(item -> age.timeIn(item).stream()).max(Instant::compareTo));
  }

  private void keep(List<ResourceRows> seen, @Nullable SourceCursor to) {
    counts =
        counts.plus(
            jdbi.inTransaction(
                handle -> {
                  RecordedCounts written = RecordedCounts.NONE;
                  for (ResourceRows rows : seen) {
                    written = written.plus(rows.write(handle));
                  }
                  if (to != null) {
                    sources.move(handle, lease, type, to);
                  }
                  if (!sources.keep(handle, lease)) {
                    throw new SourceTrouble("Another node has taken the source over", true);
                  }
                  return written;
                }));
  }
}
