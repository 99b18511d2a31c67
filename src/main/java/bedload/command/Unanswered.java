package bedload.command;

import bedload.CommandFault;
import bedload.ExitCode;
import java.net.URI;
import java.util.concurrent.CancellationException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Says of a call that got no answer, or none of the API's, where it went: the SDK's own exception
 * does not.
 */
final class Unanswered implements ExecutionInterceptor {
  @Override
  public Throwable modifyException(
      Context.FailedExecution context, ExecutionAttributes attributes) {
    Throwable fault = context.exception();
    if (context.httpRequest().isEmpty()
        || fault instanceof AbortedException
        || fault instanceof CancellationException
        || Thread.currentThread().isInterrupted()) {
      return fault;
    }
    URI url = context.httpRequest().get().getUri();
    String place = url.getScheme() + "://" + url.getRawAuthority();
    // Thrown, because the SDK takes no exception of another type as an answer.
    if (fault instanceof AwsServiceException service) {
      if (service.awsErrorDetails() == null || service.awsErrorDetails().errorCode() == null) {
        throw new CommandFault(
            ExitCode.UNAVAILABLE,
            "What answers at %s is no API of Bedrock or S3 (it says status %d). Give the address of a bedload service's API in $AWS_ENDPOINT_URL_BEDROCK and of its S3 in $AWS_ENDPOINT_URL_S3, as 'bedload env' prints them."
                .formatted(place, service.statusCode()),
            service);
      }
    } else if (fault instanceof SdkClientException) {
      throw new CommandFault(
          ExitCode.UNAVAILABLE,
          "Nothing answers at %s: %s. Start a service there with 'bedload serve', or let $AWS_ENDPOINT_URL_BEDROCK and $AWS_ENDPOINT_URL_S3 name another."
              .formatted(place, rootOf(fault)),
          fault);
    }
    return fault;
  }

  private static String rootOf(Throwable fault) {
    Throwable root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return Printable.of(message == null ? root.getClass().getSimpleName() : message);
  }
}
