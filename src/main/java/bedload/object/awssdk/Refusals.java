package bedload.object.awssdk;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Answers of S3 that S3Proxy has no word for, or another status. */
public final class Refusals {
  private Refusals() {}

  /** The bucket is another account's, or the request is not signed. */
  public static RuntimeException accessDenied() {
    return of(403, "AccessDenied", "Access Denied");
  }

  /** Nobody has the access key. */
  public static RuntimeException unknownAccessKey() {
    return of(
        403,
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.");
  }

  /** A session token came, and the keys here have none. */
  public static RuntimeException invalidToken() {
    return of(
        400,
        "InvalidToken",
        "The keys of this service have no session token, but one was sent: unset"
            + " AWS_SESSION_TOKEN.");
  }

  /** The expected owner is no account id. */
  public static RuntimeException invalidOwner() {
    return of(
        400,
        "InvalidBucketOwnerAWSAccountID",
        "The value of the expected bucket owner parameter must be an AWS Account ID.");
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
