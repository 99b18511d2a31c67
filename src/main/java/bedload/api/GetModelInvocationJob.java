package bedload.api;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobDocument;
import bedload.ledger.Ledger;
import bedload.wire.Call;
import bedload.wire.Operation;
import bedload.wire.Route;
import java.util.Map;

/** Describes a job as it stands. */
public final class GetModelInvocationJob implements Operation {
  private static final Route ROUTE =
      new Route("GetModelInvocationJob", "GET", "/model-invocation-job/{jobIdentifier}");

  private final Ledger ledger;

  /** Makes the operation. */
  public GetModelInvocationJob(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Map<String, Object> answer(Call call) {
    Job job =
        ledger
            .find(
                new AccountId(call.caller().account()),
                call.caller().region(),
                JobIdentifier.of(call))
            .orElseThrow(() -> JobIdentifier.notFound(call));
    return JobDocument.of(job);
  }
}
