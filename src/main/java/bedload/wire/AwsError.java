package bedload.wire;

/**
 * The ways in which a call can fail, as AWS's clients know them: the name decides which exception
 * they raise, the status decides whether they try again.
 */
public enum AwsError {
  /** The caller may not do this. */
  ACCESS_DENIED("AccessDeniedException", 403),
  /** The call contradicts how things stand. A status of 400, not 409: so says Bedrock's model. */
  CONFLICT("ConflictException", 400),
  /** The service is at fault. */
  INTERNAL_SERVER("InternalServerException", 500),
  /** There is no such thing, or it is not the caller's. */
  RESOURCE_NOT_FOUND("ResourceNotFoundException", 404),
  /** The caller has as much as it may have. */
  SERVICE_QUOTA_EXCEEDED("ServiceQuotaExceededException", 400),
  /** Too many calls; every client comes again by itself. */
  THROTTLING("ThrottlingException", 429),
  /** The resource would have more tags than one may have. */
  TOO_MANY_TAGS("TooManyTagsException", 400),
  /** A member of the request breaks a rule. */
  VALIDATION("ValidationException", 400),
  /** The body cannot be read as what the operation takes. */
  SERIALIZATION("SerializationException", 400),
  /** The body is longer than any call needs. */
  REQUEST_TOO_LARGE("RequestEntityTooLargeException", 413),
  /** No operation has this method and path. */
  UNKNOWN_OPERATION("UnknownOperationException", 404),
  /** The path is one of ours, and nothing is there for this method. */
  METHOD_NOT_ALLOWED("MethodNotAllowedException", 405),
  /** The request carries no signature and no key. */
  MISSING_AUTHENTICATION("MissingAuthenticationTokenException", 403),
  /** The Authorization header lacks a part. */
  INCOMPLETE_SIGNATURE("IncompleteSignatureException", 400),
  /** The signature is not the one that the secret gives, or not of this time. */
  INVALID_SIGNATURE("InvalidSignatureException", 403),
  /** Nobody here has that access key, session token or bearer key. */
  UNRECOGNIZED_CLIENT("UnrecognizedClientException", 403);

  private final String wireName;
  private final int status;

  AwsError(String wireName, int status) {
    this.wireName = wireName;
    this.status = status;
  }

  /** Returns the name that goes into the header {@code x-amzn-ErrorType}. */
  public String wireName() {
    return wireName;
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }
}
