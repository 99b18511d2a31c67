package bedload.web.page;

import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.ledger.QueuePlace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The list of jobs, the newest first.
 *
 * @param places where those jobs stand that have not ended
 * @param search what the names must hold; empty for all
 * @param status the wire name of the only status; empty for all
 * @param next the query of the page after this; empty for the last
 */
public record JobsPage(
    List<Job> jobs, Map<JobId, QueuePlace> places, String search, String status, String next) {
  /** Returns the page. */
  public Html html(Layout layout, Instant now) {
    return layout.live(
        "Jobs",
        Html.of(
            """
            <h1>Jobs</h1>
            <form method="get" action="/jobs" role="search" class="search">
            <label>Name holds <input type="search" name="q" value="{}" maxlength="63" data-search></label>
            <label>Status <select name="status"><option value="">any</option>{}</select></label>
            <button>Search</button>
            </form>
            {}
            {}
            """,
            search,
            Html.join(Stream.of(JobStatus.values()).map(this::option).toList()),
            jobs.isEmpty() ? nothing() : JobTable.of(jobs, places, now),
            next.isEmpty()
                ? Html.NOTHING
                : Html.of("<p><a href=\"/jobs?{}\" rel=\"next\">Older jobs</a></p>", next)));
  }

  private Html option(JobStatus each) {
    return each.wireName().equals(status)
        ? Html.of("<option selected>{}</option>", each.wireName())
        : Html.of("<option>{}</option>", each.wireName());
  }

  private static Html nothing() {
    return Html.of(
        "<p>No job fits. <a href=\"/jobs\">See all jobs</a>, or <a href=\"/\">make the first</a>.</p>");
  }
}
