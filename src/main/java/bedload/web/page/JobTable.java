package bedload.web.page;

import bedload.job.JobStatus;
import bedload.job.RecordCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Jobs as rows. */
final class JobTable {
  /** More make a row that nobody reads. */
  private static final int TAGS_SHOWN = 4;

  private JobTable() {}

  static Html of(List<JobLine> jobs, Instant now) {
    return Html.of(
        """
        <table class="jobs">
        <thead><tr><th scope="col">Name</th><th scope="col">Status</th><th scope="col">Records</th><th scope="col" class="number">Failed</th>
        <th scope="col">Model</th><th scope="col">Submitted</th><th scope="col">Took</th></tr></thead>
        <tbody>
        {}</tbody>
        </table>
        """,
        Html.join(jobs.stream().map(job -> row(job, now)).toList()));
  }

  private static Html row(JobLine job, Instant now) {
    RecordCounts counts = job.counts();
    return Html.of(
        """
        <tr><th scope="row"><a href="{}">{}</a>{}{}</th><td>{}{}</td><td>{}</td><td class="number" data-label="failed">{}</td>
        <td data-label="model">{}</td><td data-label="submitted">{}</td><td data-label="took" class="nowrap">{}</td></tr>
        """,
        job.link(),
        Html.foreign(job.name()),
        why(job.message()),
        tags(job.tags()),
        Texts.status(job.status()),
        QueueText.brief(job.place(), now),
        counts == null
            ? Html.of("<span class=\"quiet\">of an AWS account</span>")
            : Texts.progress(JobStatus.ofWireName(job.status()), counts),
        counts == null || counts.error() == 0
            ? Html.of("<span class=\"quiet\">{}</span>", counts == null ? "" : "0")
            : Html.of("<strong>{}</strong>", Texts.number(counts.error())),
        Html.foreign(job.modelId()),
        Texts.age(job.submitTime(), now),
        Texts.took(job.status(), job.submitTime(), job.endTime(), now));
  }

  /** The first lines of it are read before any other column of a job that failed. */
  private static Html why(String message) {
    return message.isEmpty()
        ? Html.NOTHING
        : Html.of("<div class=\"why\">{}</div>", Html.foreign(SqlPage.shortened(message)));
  }

  private static Html tags(List<String> tags) {
    if (tags.isEmpty()) {
      return Html.NOTHING;
    }
    List<Html> shown = new ArrayList<>();
    for (String tag : tags.subList(0, Math.min(TAGS_SHOWN, tags.size()))) {
      shown.add(Html.of("<span class=\"tag\">{}</span>", Html.foreign(tag)));
    }
    if (tags.size() > TAGS_SHOWN) {
      shown.add(Html.of("<span class=\"quiet\">and {} more</span>", tags.size() - TAGS_SHOWN));
    }
    return Html.of("<div class=\"tags\">{}</div>", Html.join(shown));
  }
}
