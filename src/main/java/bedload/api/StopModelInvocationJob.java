package bedload.api;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.ledger.Ledger;
import bedload.ledger.StopResult;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Operation;
import bedload.wire.Route;
import java.util.Map;

/** Asks for the end of a job. Asking again while it winds down is no fault. */
public final class StopModelInvocationJob implements Operation {
  private static final Route ROUTE =
      new Route("StopModelInvocationJob", "POST", "/model-invocation-job/{jobIdentifier}/stop");

  private final Ledger ledger;

  /** Makes the operation. */
  public StopModelInvocationJob(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Map<String, Object> answer(Call call) {
    AccountId caller = new AccountId(call.caller().account());
    return switch (ledger.stop(caller, call.caller().region(), JobIdentifier.of(call))) {
      case StopResult.Stopping(Job _) -> Map.of();
      case StopResult.NotFound() -> throw JobIdentifier.notFound(call);
      // Clients look for "State was: " to tell a job that has ended from a request that is wrong.
      case StopResult.AlreadyEnded(Job job) ->
          throw CallFault.validation(
              "A job that has ended cannot be stopped. State was: " + job.status().wireName());
    };
  }
}
