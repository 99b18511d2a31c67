package bedload.api;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobSpec;
import bedload.job.Traceparent;
import bedload.ledger.Ledger;
import bedload.ledger.SubmitResult;
import bedload.wire.AwsError;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Operation;
import bedload.wire.Route;
import java.util.List;
import java.util.Optional;

/**
 * Accepts a job. Checks in AWS's order: the form of the request, whose role it is, whether there is
 * such a model. Buckets, rights and records are not looked at; validation finds those.
 */
public final class CreateModelInvocationJob implements Operation {
  private static final Route ROUTE =
      new Route("CreateModelInvocationJob", "POST", "/model-invocation-job");
  private static final int MAX_IDS_IN_MESSAGE = 20;

  private final Ledger ledger;
  private final ServedModels models;
  private final JobSpecReader reader;

  /** Makes the operation. */
  public CreateModelInvocationJob(Ledger ledger, ServedModels models, S3UriForm s3UriForm) {
    this.ledger = ledger;
    this.models = models;
    this.reader = new JobSpecReader(models, s3UriForm);
  }

  /** The body of the answer. */
  public record Response(String jobArn) {}

  @Override
  public Route route() {
    return ROUTE;
  }

  @Override
  public Response answer(Call call) {
    AccountId caller = new AccountId(call.caller().account());
    JobSpec spec = reader.read(call);
    checkRole(spec.roleArn(), caller);
    checkModel(spec.modelId());
    Optional<Traceparent> cause = Traceparent.parse(call.traceparent());
    return switch (ledger.submit(caller, call.caller().region(), spec, cause)) {
      case SubmitResult.Submitted(Job job) -> new Response(job.arn());
      case SubmitResult.Repeated(Job job) -> new Response(job.arn());
      case SubmitResult.TokenReused(Job job) ->
          throw new CallFault(
              AwsError.CONFLICT,
              "The clientRequestToken was used before, with other parameters, for job %s. Send a new"
                      .formatted(job.arn())
                  + " token for a new job.");
      case SubmitResult.NameInUse(Job job) ->
          throw new CallFault(
              AwsError.CONFLICT,
              "The provided job name is currently in use: '%s' is the name of job %s, which has not ended."
                  .formatted(job.spec().jobName(), job.arn()));
    };
  }

  private static void checkRole(String roleArn, AccountId caller) {
    // arn:partition:iam::account:role/name; Bedrock's pattern lets the account be left out.
    String account = roleArn.split(":", 6)[4];
    if (!account.isEmpty() && !account.equals(caller.value())) {
      throw new CallFault(
          AwsError.ACCESS_DENIED,
          "Cross-account pass role is not allowed: the role is of account %s, the caller of %s."
              .formatted(account, caller));
    }
  }

  private void checkModel(String modelId) {
    if (models.serves(modelId)) {
      return;
    }
    List<String> ids = models.configuredIds();
    throw CallFault.validation(
        "The provided model identifier is invalid: no backend serves '%s'. %s"
            .formatted(
                modelId,
                ids.isEmpty()
                    ? "No model is configured."
                    : "Configured are: "
                        + String.join(
                            ", ", ids.subList(0, Math.min(ids.size(), MAX_IDS_IN_MESSAGE)))
                        + (ids.size() > MAX_IDS_IN_MESSAGE ? ", …" : ".")));
  }
}
