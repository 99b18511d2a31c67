package bedload.web.page;

import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.LengthText;
import bedload.job.RecordCounts;
import bedload.ledger.Overview;
import bedload.ledger.PaceLog;
import bedload.ledger.QueuePlace;
import bedload.ledger.Reruns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One job.
 *
 * @param steps the statuses that it had, in their order
 * @param place where it stands; null if it has ended, or nothing was reckoned yet
 * @param points how it went
 * @param window why as many calls are in flight as are; empty if it does not run, or nobody knows
 * @param rerun the latest of what failed; null if nobody asked for one
 * @param tab what is shown below
 */
public record JobPage(
    Job job,
    List<Overview.Step> steps,
    @Nullable QueuePlace place,
    List<PaceLog.Point> points,
    String window,
    Reruns.@Nullable Rerun rerun,
    JobTab tab) {
  /** Returns the page. */
  public Html html(Layout layout, Instant now) {
    String message = job.message();
    return layout.live(
        "Job",
        Html.of(
            """
            <p class="crumbs"><a href="/jobs">Jobs</a></p>
            <h1>{}</h1>
            <p class="arn"><code>{}</code> <button class="plain" type="button" data-copy="{}" hidden>Copy</button></p>
            <div id="head" data-part>
            <div class="headline">{} {} {}</div>
            {}{}
            <h2>Statuses</h2>
            <ol class="strip">{}</ol>
            {}
            </div>
            <nav class="tabs" aria-label="More of this job">{}</nav>
            <div id="tab" data-part>{}</div>
            """,
            Html.foreign(job.spec().jobName()),
            job.arn(),
            job.arn(),
            Texts.status(job.status()),
            Texts.progress(job.status(), job.counts()),
            actions(layout),
            message == null
                ? Html.NOTHING
                : Html.of("<p class=\"message\" tabindex=\"0\">{}</p>", Html.foreign(message)),
            Html.of("{}{}", again(), live(now)),
            Html.join(strip(now)),
            records(),
            Html.join(tabs()),
            tab.html(now)));
  }

  private Html actions(Layout layout) {
    if (!job.status().isFinal()) {
      return Html.of(
          "<form method=\"post\" action=\"{}/stop\">{}<button data-confirm=\"Stop this job? What it"
              + " has finished is kept.\">Stop</button></form>",
          Texts.link(job),
          layout.csrfField());
    }
    if (job.counts().error() == 0 || isCopying()) {
      return Html.NOTHING;
    }
    return Html.of(
        "<form method=\"post\" action=\"{}/rerun\">{}<button data-confirm=\"Make a new job of the"
            + " {} records that failed?\">Run the failed records again</button></form>",
        Texts.link(job),
        layout.csrfField(),
        Texts.number(job.counts().error()));
  }

  private boolean isCopying() {
    return rerun != null && !rerun.isEnded();
  }

  /** Where the new job of the failed records is, or how far its making. */
  private Html again() {
    if (rerun == null) {
      return Html.NOTHING;
    }
    JobId made = rerun.made();
    String message = rerun.message();
    if (made != null) {
      return Html.of(
          "<p class=\"again\">{} failed records run again as job <a href=\"/jobs/{}\">{}</a>.</p>",
          Texts.number(rerun.records()),
          made,
          made);
    }
    return message == null
        ? Html.of(
            "<p class=\"again\" role=\"status\">A new job is being made of the failed records: {}"
                + " of {} copied.</p>",
            Texts.number(rerun.records()),
            Texts.number(job.counts().error()))
        : Html.of("<p class=\"again\">No new job was made: {}</p>", Html.foreign(message));
  }

  private Html live(Instant now) {
    PaceLog.InFlight inFlight = points.isEmpty() ? null : points.getLast().inFlight();
    return Html.of(
        "{}{}",
        QueueText.of(place, now),
        inFlight != null && !job.status().isFinal()
            ? Html.of(
                "<p class=\"window\">{} of {} calls to its model are in flight{}{}.</p>",
                inFlight.calls(),
                inFlight.limit(),
                window.isEmpty() ? "" : "; ",
                window)
            : Html.NOTHING);
  }

  /** A final status is where it stays: it has no length. */
  private List<Html> strip(Instant now) {
    List<Html> strip = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Overview.Step step = steps.get(i);
      boolean isLast = i == steps.size() - 1;
      Instant until = isLast ? now : steps.get(i + 1).at();
      strip.add(
          Html.of(
              "<li>{}<span class=\"quiet\">{}</span></li>",
              Texts.status(step.status()),
              step.status().isFinal()
                  ? Texts.age(step.at(), now)
                  : LengthText.of(Duration.between(step.at(), until))));
    }
    return strip;
  }

  private Html records() {
    RecordCounts counts = job.counts();
    if (!counts.areKnown()) {
      return Html.NOTHING;
    }
    return Html.of(
        """
        <h2>Records</h2>
        <dl class="counts"><div><dt>Total</dt><dd>{}</dd></div><div><dt>Answered</dt><dd>{}</dd></div><div><dt>Failed</dt><dd>{}</dd></div>
        <div><dt>Not done</dt><dd>{}</dd></div></dl>
        """,
        Texts.number(counts.total()),
        Texts.number(counts.success()),
        Texts.number(counts.error()),
        Texts.number(counts.total() - counts.processed()));
  }

  private List<Html> tabs() {
    List<Html> tabs = new ArrayList<>();
    for (JobTab.Name name : JobTab.Name.values()) {
      tabs.add(
          name == tab.name()
              ? Html.of(
                  "<a href=\"{}?tab={}\" aria-current=\"page\">{}</a>",
                  Texts.link(job),
                  name.word(),
                  name.label())
              : Html.of(
                  "<a href=\"{}?tab={}\">{}</a>", Texts.link(job), name.word(), name.label()));
    }
    return tabs;
  }
}
