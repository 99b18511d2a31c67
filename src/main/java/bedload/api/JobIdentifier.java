package bedload.api;

import bedload.job.Arns;
import bedload.job.JobId;
import bedload.wire.AwsError;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.Excerpt;

/** The jobIdentifier of a path: a job's ARN, or the id at its end. */
final class JobIdentifier {
  private JobIdentifier() {}

  /**
   * Returns the id of the job that a call names.
   *
   * @throws CallFault VALIDATION if the text is neither; RESOURCE_NOT_FOUND if the ARN is of
   *     another account or region
   */
  static JobId of(Call call) {
    String identifier = call.parameter();
    if (JobId.isValid(identifier)) {
      return new JobId(identifier);
    }
    Arns.JobArn arn =
        Arns.parseJob(identifier)
            .orElseThrow(
                () ->
                    CallFault.validation(
                        "The provided ARN is invalid: '%s'".formatted(Excerpt.of(identifier))));
    if (!arn.account().value().equals(call.caller().account())
        || !arn.region().equals(call.caller().region())) {
      throw notFound(call);
    }
    return arn.id();
  }

  /** Returns the fault of a call that names no job of the caller's, whether or not of another's. */
  static CallFault notFound(Call call) {
    return new CallFault(
        AwsError.RESOURCE_NOT_FOUND,
        "Account %s has no model invocation job '%s' in region %s."
            .formatted(call.caller().account(), call.parameter(), call.caller().region()));
  }
}
