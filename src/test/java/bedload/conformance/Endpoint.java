package bedload.conformance;

import bedload.RunningService;

/**
 * Where a client calls, and as whom.
 *
 * @param s3 where the objects are
 * @param attempts how often the client may try one call
 */
record Endpoint(
    String url,
    String s3,
    String region,
    String accessKeyId,
    String secretAccessKey,
    int attempts) {
  static final int ATTEMPTS = 3;

  static Endpoint of(RunningService service) {
    return new Endpoint(
        service.api(),
        service.s3(),
        service.region(),
        service.accessKeyId(),
        service.secretAccessKey(),
        ATTEMPTS);
  }

  Endpoint at(String otherUrl) {
    return new Endpoint(otherUrl, s3, region, accessKeyId, secretAccessKey, attempts);
  }

  Endpoint withAttempts(int other) {
    return new Endpoint(url, s3, region, accessKeyId, secretAccessKey, other);
  }
}
