package bedload.conformance;

import bedload.RunningService;

/**
 * Where a client calls, and as whom.
 *
 * @param attempts how often the client may try one call
 */
record Endpoint(
    String url, String region, String accessKeyId, String secretAccessKey, int attempts) {
  static final int ATTEMPTS = 3;

  static Endpoint of(RunningService service) {
    return new Endpoint(
        service.api(),
        service.region(),
        service.accessKeyId(),
        service.secretAccessKey(),
        ATTEMPTS);
  }

  Endpoint at(String otherUrl) {
    return new Endpoint(otherUrl, region, accessKeyId, secretAccessKey, attempts);
  }

  Endpoint withAttempts(int other) {
    return new Endpoint(url, region, accessKeyId, secretAccessKey, other);
  }
}
