package bedload.web;

import bedload.catalog.ResourceType;
import bedload.catalog.Sources;
import bedload.web.page.SourcesPage;
import bedload.wire.WireJson;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sources of the catalog: how they go, and a sync at once. */
final class SourcesScreen {
  private final Sources sources;
  private final List<ResourceType> types;
  private final InstantSource clock;

  SourcesScreen(Sources sources, List<ResourceType> types, InstantSource clock) {
    this.sources = sources;
    this.types = List.copyOf(types);
    this.clock = clock;
  }

  void addTo(JavalinConfig config, Doorkeeper door) {
    config.routes.get("/sources", door.reading(this::page));
    config.routes.get(
        "/sources.json",
        door.reading(
            (context, session) ->
                context.json(Map.of("sources", sources.seenBy(session.account())))));
    config.routes.post("/sources/sync", door.writing(this::sync));
  }

  private void page(Context context, Session session) {
    SourcesPage page = new SourcesPage(sources.seenBy(session.account()), policy());
    Doorkeeper.html(context, page.html(Requests.layout(session), clock.instant()).toString());
  }

  /** What is not the account's to sync stays as it is. */
  private void sync(Context context, Session session) {
    String account = Requests.form(context, "account");
    String region = Requests.form(context, "region");
    sources.syncNow(
        session.account(), account.isEmpty() ? null : account, region.isEmpty() ? null : region);
    Doorkeeper.seeOther(context, "/sources");
  }

  private String policy() {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Effect", "Allow");
    statement.put(
        "Action",
        types.stream()
            .flatMap(type -> type.collect().permissions().stream())
            .distinct()
            .sorted()
            .toList());
    statement.put("Resource", "*");
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("Version", "2012-10-17");
    policy.put("Statement", List.of(statement));
    return WireJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(policy);
  }
}
