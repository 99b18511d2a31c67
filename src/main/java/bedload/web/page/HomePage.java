package bedload.web.page;

import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.ledger.PaceLog;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is going on.
 *
 * @param counts jobs of the last 24 hours by status, and all that have not ended
 * @param running the newest jobs whose model is being called
 * @param failed the newest jobs that failed in the last 24 hours
 * @param isEmpty whether the account never had a job
 * @param today what it comes to now and since midnight, in UTC
 * @param tokens by day and model
 */
public record HomePage(
    Map<JobStatus, Long> counts,
    List<Job> running,
    List<Job> failed,
    boolean isEmpty,
    PaceLog.Today today,
    List<PaceLog.DayOfModel> tokens) {
  /** A larger number has no room in its box. */
  private static final long WIDEST = 10_000_000;

  /** Returns the page. */
  public Html html(Layout layout, Instant now) {
    return layout.live("Home", isEmpty ? firstSteps() : overview(now));
  }

  private Html overview(Instant now) {
    return Html.of(
        """
        <h1>Home</h1>
        <ul class="figures">{}{}{}{}{}{}</ul>
        <section><h2>Running</h2>{}</section>
        <section><h2>Failed in the last 24 hours</h2>{}</section>
        {}
        """,
        figure(
            "Running",
            count(JobStatus.IN_PROGRESS, JobStatus.STOPPING),
            "/jobs?q=status%3A(InProgress+OR+Stopping)"),
        figure(
            "Waiting",
            count(JobStatus.SUBMITTED, JobStatus.VALIDATING, JobStatus.SCHEDULED),
            "/jobs?q=status%3A(Submitted+OR+Validating+OR+Scheduled)"),
        figure(
            "Completed in 24 h",
            count(JobStatus.COMPLETED),
            "/jobs?q=status%3ACompleted+after%3A-24h"),
        figure("Failed in 24 h", count(JobStatus.FAILED), "/jobs?q=status%3AFailed+after%3A-24h"),
        Html.of(
            "<li><div><span class=\"big\">{}</span> Records a minute</div></li>",
            Texts.number(today.recordsAMinute())),
        spent(),
        running.isEmpty()
            ? Html.of("<p class=\"quiet\">Nothing runs.</p>")
            : JobTable.of(running.stream().map(JobLine::of).toList(), now),
        failed.isEmpty()
            ? Html.of("<p class=\"quiet\">Nothing failed.</p>")
            : JobTable.of(failed.stream().map(JobLine::of).toList(), now),
        new TokensByDay(tokens).html());
  }

  /** The cost where it is known, since that is what tokens are counted for. */
  private Html spent() {
    BigDecimal cost = today.costToday();
    return cost == null
        ? Html.of(
            "<li><div title=\"{}\"><span class=\"big\">{}</span> Tokens today</div></li>",
            Texts.number(today.tokensToday()),
            today.tokensToday() < WIDEST
                ? Texts.number(today.tokensToday())
                : Texts.brief(today.tokensToday()))
        : Html.of(
            "<li><div><span class=\"big\">{}</span> Spent today on {} tokens</div></li>",
            cost.toPlainString(),
            Texts.number(today.tokensToday()));
  }

  private long count(JobStatus... statuses) {
    return List.of(statuses).stream().mapToLong(status -> counts.getOrDefault(status, 0L)).sum();
  }

  private static Html figure(String label, long number, String link) {
    return Html.of(
        "<li><a href=\"{}\"><span class=\"big\">{}</span> {}</a></li>",
        link,
        Texts.number(number),
        label);
  }

  private static Html firstSteps() {
    return Html.of(
        """
        <h1>No job yet</h1>
        <p>Three commands lead to the first results:</p>
        <pre tabindex="0"><code>for i in $(seq 200); do echo "{\\"modelInput\\":{\\"inputText\\":\\"sentence $i\\"}}"; done >input.jsonl
        bedload validate input.jsonl
        bedload run input.jsonl --model amazon.titan-embed-text-v2:0 --output results</code></pre>
        <p>The job shows up here while it runs.</p>
        """);
  }
}
