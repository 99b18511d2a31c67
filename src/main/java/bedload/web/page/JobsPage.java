package bedload.web.page;

import java.time.Instant;
import java.util.List;

/**
 * The list of jobs, the newest first.
 *
 * @param search what was typed
 * @param sql the same as a question in SQL; empty if the search could not be understood
 * @param fault what is wrong with the search, or why the catalog could not be asked; empty if
 *     nothing
 * @param next the query of the page after this; empty for the last
 */
public record JobsPage(List<JobLine> jobs, String search, String sql, String fault, String next) {
  /** Returns the page. */
  public Html html(Layout layout, Instant now) {
    return layout.live(
        "Jobs",
        Html.of(
            """
            <h1>Jobs</h1>
            <form method="get" action="/jobs" role="search" class="search">
            <label class="wide">Search <input type="search" name="q" value="{}" maxlength="1000" placeholder="status:(Failed OR Expired) model:*titan* team:search after:-7d words" autocomplete="off" data-search></label>
            <button>Search</button>
            </form>
            {}
            <p class="links">{}</p>
            <div id="facets" class="facets" data-fetch="/jobs/facets?q={}"><a href="/jobs/facets?q={}">Counts by status, model and tag</a></div>
            <div id="rows" data-part>{}{}</div>
            """,
            search,
            fault.isEmpty()
                ? Html.NOTHING
                : Html.of("<p class=\"message bad\" role=\"alert\">{}</p>", Html.foreign(fault)),
            sql.isEmpty()
                ? Html.NOTHING
                : Html.of(
                    "<a href=\"/sql?sql={}\">Open as SQL</a> <a href=\"/jobs.csv?q={}\">CSV</a> <a href=\"/jobs.json?q={}\">JSON</a>",
                    SqlPage.encoded(sql),
                    SqlPage.encoded(search),
                    SqlPage.encoded(search)),
            SqlPage.encoded(search),
            SqlPage.encoded(search),
            jobs.isEmpty() ? nothing() : JobTable.of(jobs, now),
            next.isEmpty()
                ? Html.NOTHING
                : Html.of("<p><a href=\"/jobs?{}\" rel=\"next\">Older jobs</a></p>", next)));
  }

  private static Html nothing() {
    return Html.of(
        "<p>No job fits. <a href=\"/jobs\">See all jobs</a>, or <a href=\"/\">make the first</a>.</p>");
  }
}
