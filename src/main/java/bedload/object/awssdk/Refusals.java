package bedload.object.awssdk;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Answers of S3 that S3Proxy has no word for, or another status. */
final class Refusals {
  private Refusals() {}

  static RuntimeException accessDenied() {
    return of(403, "AccessDenied", "Access Denied");
  }

  static RuntimeException bucketAlreadyExists() {
    return of(
        409,
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of"
            + " the system. Please select a different name and try again.");
  }

  static RuntimeException keyTooLong() {
    return of(400, "KeyTooLongError", "Your key is too long");
  }

  static RuntimeException noSuchUpload() {
    return of(
        404,
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have"
            + " been aborted or completed.");
  }

  static RuntimeException notImplemented(String what) {
    return of(501, "NotImplemented", what);
  }

  private static RuntimeException of(int status, String code, String message) {
    return S3Exception.builder()
        .message(message)
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .build();
  }
}
