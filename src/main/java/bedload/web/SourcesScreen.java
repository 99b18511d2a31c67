package bedload.web;

import bedload.catalog.CollectorPolicy;
import bedload.catalog.OwnSources;
import bedload.catalog.Sources;
import bedload.job.AccountId;
import bedload.web.page.SourcesPage;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;

/** The sources of the catalog: how they go, and a sync at once. */
final class SourcesScreen {
  private final Sources sources;
  private final OwnSources ownSources;
  private final Function<AccountId, CollectorPolicy> policies;
  private final InstantSource clock;

  /**
   * @param policies returns what IAM has to allow for the sources that an account may see
   */
  SourcesScreen(
      Sources sources,
      OwnSources ownSources,
      Function<AccountId, CollectorPolicy> policies,
      InstantSource clock) {
    this.sources = sources;
    this.ownSources = ownSources;
    this.policies = policies;
    this.clock = clock;
  }

  void addTo(JavalinConfig config, Doorkeeper door) {
    config.routes.get("/sources", door.reading(this::page));
    config.routes.get(
        "/sources.json",
        door.reading(
            (context, session) ->
                context.json(
                    Map.of(
                        "own", ownSources.seenBy(session.account()),
                        "sources", sources.seenBy(session.account())))));
    config.routes.post("/sources/sync", door.writing(this::sync));
  }

  private void page(Context context, Session session) {
    SourcesPage page =
        new SourcesPage(
            ownSources.seenBy(session.account()),
            sources.seenBy(session.account()),
            policies.apply(new AccountId(session.account())));
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
}
