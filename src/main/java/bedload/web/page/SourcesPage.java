package bedload.web.page;

import bedload.catalog.CollectorPolicy;
import bedload.catalog.OwnSources;
import bedload.catalog.SourceStatus;
import java.time.Instant;
import java.util.List;

/**
 * Where the catalog has its rows from, and how fresh they are.
 *
 * @param own the jobs of this service
 * @param sources what is collected from elsewhere
 * @param policy what IAM must allow for them
 */
public record SourcesPage(
    List<OwnSources.Status> own, List<SourceStatus> sources, CollectorPolicy policy) {
  /** Returns the page. */
  public Html html(Layout layout, Instant now) {
    return layout.live(
        "Sources",
        Html.of(
            """
            <h1>Sources</h1>
            <p>Jobs of this service are in the catalog within a second. Those of AWS accounts, or of any other service that speaks the same API,
            are collected from the sources of the settings, each account and region by itself.</p>
            <div id="sources" data-part>{}{}</div>
            <h2>What a collector must be allowed</h2>
            <p>Attach this policy to the role that <code>sources</code> in the settings names, or else to whoever the service's own AWS credentials are of.
            It lets no resource be changed{}.</p>
            {}
            {}
            """,
            ownTable(now),
            sources.isEmpty() ? none() : table(layout, now),
            policy.queues().isEmpty() ? "" : ", only messages of its queue be deleted once read",
            copied(policy.collector()),
            policy.service().map(SourcesPage::service).orElse(Html.NOTHING)));
  }

  private static Html service(String policy) {
    return Html.of(
        """
        <h2>What the service itself must be allowed</h2>
        <p>Attach this policy to whoever its own AWS credentials are of; the role's trust policy has to name the same. Then it may become the collector.</p>
        {}
        """,
        copied(policy));
  }

  private static Html copied(String policy) {
    return Html.of(
        """
        <button class="plain" type="button" data-copy="{}" hidden>Copy</button>
        <pre tabindex="0"><code>{}</code></pre>
        """,
        policy,
        policy);
  }

  private Html ownTable(Instant now) {
    return Html.of(
        """
        <table class="jobs sources"><thead><tr><th scope="col">Jobs of this service</th><th scope="col">State</th><th scope="col">All there up to</th><th scope="col">Last taken</th>
        <th scope="col" class="number">New</th><th scope="col" class="number">Changed</th></tr></thead><tbody>{}</tbody></table>
        """,
        Html.join(own.stream().map(source -> ownRow(source, now)).toList()));
  }

  private static Html ownRow(OwnSources.Status source, Instant now) {
    String error = source.error();
    Instant taken = source.lastAttemptAt();
    return Html.of(
        """
        <tr><th scope="row">{} {}</th><td>{}</td><td data-label="all there up to">{}</td><td data-label="last taken">{}</td>
        <td class="number" data-label="new">{}</td><td class="number" data-label="changed">{}</td></tr>
        """,
        source.account(),
        source.region(),
        error == null ? fresh("") : bad(error),
        Texts.age(source.lastSuccessAt(), now),
        taken == null ? never() : Texts.age(taken, now),
        Texts.number(source.newRows()),
        Texts.number(source.changedRows()));
  }

  private static Html fresh(String addition) {
    return Html.of(
        "<span class=\"status good\"><span aria-hidden=\"true\">✓</span> Fresh{}</span>", addition);
  }

  private static Html bad(String error) {
    return Html.of(
        "<span class=\"status bad\"><span aria-hidden=\"true\">✕</span> Error</span><div>{}</div>",
        Html.foreign(SqlPage.shortened(error)));
  }

  private static Html never() {
    return Html.of("<span class=\"quiet\">never</span>");
  }

  private static Html none() {
    return Html.of(
        """
        <p>No source is set. A settings file with one:</p>
        <pre tabindex="0"><code>sources:
          - account: "111122223333"
            regions: [us-east-1, us-west-2]
            role-arn: arn:aws:iam::111122223333:role/bedload-collector</code></pre>
        """);
  }

  private Html table(Layout layout, Instant now) {
    return Html.of(
        """
        <form method="post" action="/sources/sync">{}<button>Sync all now</button></form>
        <table class="jobs sources"><thead><tr><th scope="col">Account and region</th><th scope="col">State</th><th scope="col">Last success</th>
        <th scope="col" class="number">New</th><th scope="col" class="number">Changed</th><th scope="col" class="number">Calls</th><th scope="col" class="number">Throttled</th><th scope="col">Next</th><td></td></tr></thead><tbody>{}</tbody></table>
        """,
        layout.csrfField(),
        Html.join(sources.stream().map(source -> row(source, layout, now)).toList()));
  }

  private static Html row(SourceStatus source, Layout layout, Instant now) {
    Instant success = source.lastSuccessAt();
    return Html.of(
        """
        <tr><th scope="row">{} {}<div class="quiet">{}</div></th><td>{}</td><td data-label="last success">{}</td>
        <td class="number" data-label="new">{}</td><td class="number" data-label="changed">{}</td><td class="number" data-label="calls">{}</td>
        <td class="number" data-label="throttled">{}</td><td data-label="next">{}</td>
        <td><form method="post" action="/sources/sync">{}<input type="hidden" name="account" value="{}"><input type="hidden" name="region" value="{}"><button>Sync now<span class="only-read"> {} {}</span></button></form></td></tr>
        """,
        source.account(),
        source.region(),
        source.origin(),
        state(source, now),
        success == null ? never() : Texts.age(success, now),
        Texts.number(source.newRows()),
        Texts.number(source.changedRows()),
        Texts.number(source.calls()),
        Texts.number(source.throttledCalls()),
        Texts.time(source.nextAt()),
        layout.csrfField(),
        source.account(),
        source.region(),
        source.account(),
        source.region());
  }

  /** Fresh is what succeeded within two of its rounds. */
  private static Html state(SourceStatus source, Instant now) {
    String error = source.error();
    Instant success = source.lastSuccessAt();
    if (source.isRunning()) {
      return Html.of(
          "<span class=\"status runs\"><span aria-hidden=\"true\">◐</span> Syncing</span>");
    }
    if (error != null) {
      return bad(error);
    }
    if (success == null) {
      return Html.of(
          "<span class=\"status waits\"><span aria-hidden=\"true\">○</span> Not yet</span>");
    }
    boolean isFresh = success.plus(source.every().multipliedBy(2)).isAfter(now);
    String throttled = source.throttledCalls() > 0 ? ", throttled" : "";
    return isFresh
        ? fresh(throttled)
        : Html.of(
            "<span class=\"status short\"><span aria-hidden=\"true\">◼</span> Old{}</span>",
            throttled);
  }
}
