package bedload.api;

import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.ledger.JobQuery;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.PageTokens;
import bedload.wire.Violations;
import java.time.Instant;
import java.util.Optional;

/**
 * The query of a ListModelInvocationJobs.
 *
 * @param question the filters and whose jobs they filter: a page's token is worth nothing elsewhere
 * @param maxResults how many jobs a page may have
 */
record ListRequest(JobQuery query, String question, int maxResults) {
  private static final char SEAM = '/';

  /**
   * Returns what a call asks for.
   *
   * @throws CallFault with all the rules that it breaks, or if its token is not one of ours
   */
  static ListRequest read(Call call, PageTokens tokens) {
    Violations violations = new Violations();
    QueryParameters parameters = new QueryParameters(call, violations);
    Optional<String> status = parameters.text("statusEquals", MemberRules.STATUS);
    Optional<String> name = parameters.text("nameContains", MemberRules.JOB_NAME);
    Optional<Instant> after = parameters.instant("submitTimeAfter");
    Optional<Instant> before = parameters.instant("submitTimeBefore");
    Optional<String> order = parameters.text("sortOrder", MemberRules.SORT_ORDER);
    parameters.text("sortBy", MemberRules.SORT_BY);
    Optional<String> token = parameters.text("nextToken", MemberRules.PAGE_TOKEN);
    int maxResults = parameters.maxResults();
    violations.throwIfAny();

    boolean ascending = order.equals(Optional.of("Ascending"));
    String question =
        String.join(
            " ",
            "ListModelInvocationJobs",
            call.caller().account(),
            call.caller().region(),
            status.orElse("-"),
            name.orElse("-"),
            after.map(Instant::toString).orElse("-"),
            before.map(Instant::toString).orElse("-"),
            ascending ? "up" : "down");
    JobQuery query =
        new JobQuery(
            status.map(JobStatus::ofWireName).orElse(null),
            name.orElse(null),
            after.orElse(null),
            before.orElse(null),
            ascending,
            token.map(text -> position(tokens.open(question, text))).orElse(null));
    return new ListRequest(query, question, maxResults);
  }

  /** Returns the token of the page that follows a job. */
  String tokenAfter(Job last, PageTokens tokens) {
    return tokens.seal(question, last.submitTime().toString() + SEAM + last.id());
  }

  private static JobQuery.Position position(String text) {
    int seam = text.indexOf(SEAM);
    return new JobQuery.Position(
        Instant.parse(text.substring(0, seam)), new JobId(text.substring(seam + 1)));
  }
}
