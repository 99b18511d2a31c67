package bedload.web.page;

import bedload.job.Arns;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.ledger.QueuePlace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs as rows. */
final class JobTable {
  private JobTable() {}

  /** Returns a table of jobs whose places in the queue are of no interest. */
  static Html of(List<Job> jobs, Instant now) {
    return of(jobs, Map.of(), now);
  }

  /**
   * Returns a table of jobs.
   *
   * @param places where those stand that have not ended
   */
  static Html of(List<Job> jobs, Map<JobId, QueuePlace> places, Instant now) {
    return Html.of(
        """
        <table class="jobs">
        <thead><tr><th scope="col">Name</th><th scope="col">Status</th><th scope="col">Records</th><th scope="col" class="number">Failed</th>
        <th scope="col">Model</th><th scope="col">Submitted</th><th scope="col">Took</th></tr></thead>
        <tbody>
        {}</tbody>
        </table>
        """,
        Html.join(jobs.stream().map(job -> row(job, places.get(job.id()), now)).toList()));
  }

  private static Html row(Job job, @Nullable QueuePlace place, Instant now) {
    long errors = job.counts().error();
    return Html.of(
        """
        <tr><th scope="row"><a href="{}">{}</a></th><td>{}{}</td><td>{}</td><td class="number" data-label="failed">{}</td>
        <td data-label="model">{}</td><td data-label="submitted">{}</td><td data-label="took">{}</td></tr>
        """,
        Texts.link(job),
        Html.foreign(job.spec().jobName()),
        Texts.status(job.status()),
        QueueText.brief(place, now),
        Texts.progress(job),
        errors == 0
            ? Html.of("<span class=\"quiet\">0</span>")
            : Html.of("<strong>{}</strong>", Texts.number(errors)),
        Html.foreign(Arns.bareModelId(job.spec().modelId())),
        Texts.age(job.submitTime(), now),
        Texts.took(job, now));
  }
}
