package bedload.web.page;

import bedload.job.Job;
import bedload.job.RecordCounts;
import bedload.ledger.Overview;
import bedload.ledger.QueuePlace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One job.
 *
 * @param steps the statuses that it had, in their order
 * @param place where it stands; null if it has ended, or nothing was reckoned yet
 * @param document the job as the API describes it
 * @param json the same, written out
 */
public record JobPage(
    Job job,
    List<Overview.Step> steps,
    @Nullable QueuePlace place,
    Map<String, Object> document,
    String json) {
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
            <div class="headline">{} {} {}</div>
            {}{}
            <h2>Statuses</h2>
            <ol class="strip">{}</ol>
            <h2>Records</h2>
            {}
            <h2>All that the API says</h2>
            <table class="fields"><tbody>{}</tbody></table>
            <details><summary>JSON</summary><pre tabindex="0"><code>{}</code></pre></details>
            """,
            Html.foreign(job.spec().jobName()),
            job.arn(),
            job.arn(),
            Texts.status(job.status()),
            Texts.progress(job),
            job.status().isFinal() ? Html.NOTHING : stop(layout),
            message == null
                ? Html.NOTHING
                : Html.of("<p class=\"message\" tabindex=\"0\">{}</p>", Html.foreign(message)),
            QueueText.of(place, now),
            Html.join(strip(now)),
            records(),
            Html.join(rows("", document)),
            json));
  }

  private Html stop(Layout layout) {
    return Html.of(
        "<form method=\"post\" action=\"{}/stop\">{}<button data-confirm=\"Stop this job? What it has finished is kept.\">Stop</button></form>",
        Texts.link(job),
        layout.csrfField());
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
                  : Texts.length(Duration.between(step.at(), until))));
    }
    return strip;
  }

  private Html records() {
    RecordCounts counts = job.counts();
    return Html.of(
        """
        <dl class="counts"><div><dt>Total</dt><dd>{}</dd></div><div><dt>Answered</dt><dd>{}</dd></div><div><dt>Failed</dt><dd>{}</dd></div>
        <div><dt>Not done</dt><dd>{}</dd></div></dl>
        {}
        """,
        Texts.number(counts.total()),
        Texts.number(counts.success()),
        Texts.number(counts.error()),
        Texts.number(counts.total() - counts.processed()),
        counts.error() > 0 && job.status().isFinal()
            ? Html.of(
                "<p>Why they failed: <code>bedload errors {}</code>. Once more: <code>bedload retry {}</code>.</p>",
                job.id(),
                job.id())
            : Html.NOTHING);
  }

  private static List<Html> rows(String prefix, Map<?, ?> document) {
    List<Html> rows = new ArrayList<>();
    document.forEach(
        (name, value) -> {
          String path = prefix + name;
          if (value instanceof Map<?, ?> nested) {
            rows.addAll(rows(path + ".", nested));
          } else {
            rows.add(
                Html.of(
                    "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
                    path,
                    Html.foreign(String.valueOf(value))));
          }
        });
    return rows;
  }
}
