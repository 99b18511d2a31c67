package bedload.api;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobDocument;
import bedload.ledger.Ledger;
import bedload.wire.Call;
import bedload.wire.Operation;
import bedload.wire.PageTokens;
import bedload.wire.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists the caller's jobs of a region, newest first unless asked otherwise. */
public final class ListModelInvocationJobs implements Operation {
  private static final Route ROUTE =
      new Route("ListModelInvocationJobs", "GET", "/model-invocation-jobs");

  private final Ledger ledger;
  private final PageTokens tokens;

  /** Makes the operation. */
  public ListModelInvocationJobs(Ledger ledger, PageTokens tokens) {
    this.ledger = ledger;
    this.tokens = tokens;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Map<String, Object> answer(Call call) {
    ListRequest request = ListRequest.read(call, tokens);
    // One more than fits, which tells whether there is another page.
    List<Job> found =
        ledger.list(
            new AccountId(call.caller().account()),
            call.caller().region(),
            request.query(),
            request.maxResults() + 1);
    List<Job> page = found.subList(0, Math.min(found.size(), request.maxResults()));

    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("invocationJobSummaries", page.stream().map(JobDocument::summary).toList());
    if (found.size() > page.size()) {
      answer.put("nextToken", request.tokenAfter(page.getLast(), tokens));
    }
    return answer;
  }
}
