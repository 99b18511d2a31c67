package bedload.announce;

import bedload.ledger.Announcements;
import bedload.ledger.Audiences;
import bedload.ledger.JobEvent;
import bedload.ledger.Ledger;
import bedload.ledger.Overview;
import bedload.trace.JobStory;
import bedload.trace.Traces;
import java.util.List;

/** Writes the span of each job that has ended into its trace. */
public final class JobTraces {
  /** The name under which the books know who is told. */
  public static final String AUDIENCE = "traces";

  private static final int AT_ONCE = 100;

  private final Announcements book;
  private final Audiences audiences;
  private final Overview overview;
  private final Ledger ledger;
  private final Traces traces;
  private final String node;

  /**
   * @param node who writes; of several nodes one does at a time
   */
  public JobTraces(
      Announcements book,
      Audiences audiences,
      Overview overview,
      Ledger ledger,
      Traces traces,
      String node) {
    this.book = book;
    this.audiences = audiences;
    this.overview = overview;
    this.ledger = ledger;
    this.traces = traces;
    this.node = node;
  }

  /** Takes the steps that are due and returns how many those were. */
  public int step() {
    if (!audiences.lease(AUDIENCE, node)) {
      return 0;
    }
    List<Announcements.Due> due = book.due(AUDIENCE, AT_ONCE);
    due.stream().map(Announcements.Due::event).filter(JobTraces::isEnd).forEach(this::write);
    if (!due.isEmpty()) {
      book.told(AUDIENCE, due);
    }
    return due.size();
  }

  private static boolean isEnd(JobEvent event) {
    return event.isStep() && event.job().status().isFinal();
  }

  private void write(JobEvent end) {
    List<JobStory.Step> steps =
        overview.steps(end.job().id()).stream()
            .map(step -> new JobStory.Step(step.status(), step.at()))
            .toList();
    traces.job(new JobStory(end.job(), steps, ledger.causeOf(end.job().id())));
  }
}
