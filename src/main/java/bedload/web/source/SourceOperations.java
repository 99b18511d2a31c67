package bedload.web.source;

import bedload.catalog.EventForm;
import bedload.catalog.OwnSources;
import bedload.catalog.ResourceEvents;
import bedload.catalog.SourceStatus;
import bedload.catalog.Sources;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Members;
import bedload.wire.Operation;
import bedload.wire.Route;
import bedload.wire.TextRule;
import bedload.wire.Violations;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The operations on what the catalog collects from, for whoever may see its rows. */
public final class SourceOperations {
  private SourceOperations() {}

  /** Returns every operation. */
  public static List<Operation> over(
      Sources sources, OwnSources ownSources, EventForm form, ResourceEvents events) {
    return List.of(
        new ListSources(sources, ownSources),
        new SyncSources(sources),
        new PutEvents(form, events));
  }

  /** How each source goes. */
  private record ListSources(Sources sources, OwnSources ownSources) implements Operation {
    private static final Route ROUTE = new Route("ListSources", "GET", "/v1/sources");

    @Override
    public Route route() {
      return ROUTE;
    }

    @Override
    public Object answer(Call call) {
      String viewer = call.caller().account();
      return Map.of(
          "sources",
          Stream.concat(
                  ownSources.seenBy(viewer).stream().map(SourceOperations::document),
                  sources.seenBy(viewer).stream().map(SourceOperations::document))
              .toList());
    }
  }

  /** Makes sources due at once; what comes of it, the list tells. */
  private record SyncSources(Sources sources) implements Operation {
    private static final Route ROUTE = new Route("SyncSources", "POST", "/v1/sources/sync");

    @Override
    public Route route() {
      return ROUTE;
    }

    @Override
    public Object answer(Call call) {
      Violations violations = new Violations();
      Members members = call.members(violations);
      Optional<String> account = members.text("account_id", TextRule.ANY);
      Optional<String> region = members.text("region", TextRule.ANY);
      violations.throwIfAny();
      Instant asked =
          sources
              .syncNow(call.caller().account(), account.orElse(null), region.orElse(null))
              .orElseThrow(
                  () ->
                      CallFault.validation(
                          "There is no source%s%s whose rows account %s may see. The settings name them under 'sources'"
                              .formatted(
                                  account.map(id -> " of account " + id).orElse(""),
                                  region.map(name -> " in " + name).orElse(""),
                                  call.caller().account())));
      return Map.of("asked_at", asked.toString());
    }
  }

  private static Map<String, Object> document(OwnSources.Status source) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", "own");
    document.put("account_id", source.account());
    document.put("region", source.region());
    document.put("origin", "bedload");
    putTime(document, "last_attempt_at", source.lastAttemptAt());
    putTime(document, "last_success_at", source.lastSuccessAt());
    document.put("new_rows", source.newRows());
    document.put("changed_rows", source.changedRows());
    document.put("unchanged_rows", source.unchangedRows());
    if (source.error() != null) {
      document.put("error", source.error());
    }
    document.put("is_running", source.isRunning());
    return document;
  }

  private static Map<String, Object> document(SourceStatus source) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", "collected");
    document.put("account_id", source.account());
    document.put("region", source.region());
    document.put("origin", source.origin());
    document.put("every_seconds", source.every().toSeconds());
    putTime(document, "last_attempt_at", source.lastAttemptAt());
    putTime(document, "last_success_at", source.lastSuccessAt());
    if (source.took() != null) {
      document.put("took_millis", source.took().toMillis());
    }
    document.put("new_rows", source.newRows());
    document.put("changed_rows", source.changedRows());
    document.put("unchanged_rows", source.unchangedRows());
    document.put("calls", source.calls());
    document.put("throttled_calls", source.throttledCalls());
    if (source.error() != null) {
      document.put("error", source.error());
    }
    document.put("is_running", source.isRunning());
    document.put("next_at", source.nextAt().toString());
    return document;
  }

  private static void putTime(Map<String, Object> document, String name, @Nullable Instant time) {
    if (time != null) {
      document.put(name, time.toString());
    }
  }
}
