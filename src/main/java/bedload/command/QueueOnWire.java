package bedload.command;

import bedload.job.JobStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.regions.Region;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a service's catalog where a job stands: the API of Bedrock has no member for that. A service
 * that has no catalog, or lets nobody read it, answers nothing.
 */
record QueueOnWire(
    SdkHttpClient http,
    URI endpoint,
    Region region,
    IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final String PLACE =
      """
      select position, ahead_record_count, records_per_second,
             date_trunc('second', estimated_start) as estimated_start,
             date_trunc('second', estimated_end) as estimated_end
        from aws_bedrock_model_invocation_job_queue
       where job_arn = $1
      """;

  /** Returns what is known, by the name of the field for people; nothing for an ended job. */
  Map<String, String> fields(JobOnWire job) {
    if (job.status() == JobStatus.SUBMITTED || job.status().isFinal()) {
      return Map.of();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    row(job.arn())
        .ifPresent(
            row -> {
              JsonNode position = row.path("position");
              if (position.isNumber()) {
                fields.put(
                    "queue",
                    "number %,d, %,d records before it"
                        .formatted(position.asLong(), row.path("ahead_record_count").asLong(0)));
              }
              if (row.path("records_per_second").isNumber()) {
                fields.put(
                    "pace", "%,.1f records/s".formatted(row.path("records_per_second").asDouble()));
              }
              time(row.path("estimated_start"))
                  .ifPresent(start -> fields.put("starts", "about " + start));
              time(row.path("estimated_end")).ifPresent(end -> fields.put("ends", "about " + end));
            });
    return fields;
  }

  private static Optional<String> time(JsonNode value) {
    return value.isString() ? Optional.of(value.asString()) : Optional.empty();
  }

  private Optional<JsonNode> row(String arn) {
    byte[] body = JSON.writeValueAsBytes(Map.of("sql", PLACE, "params", List.of(arn)));
    try {
      HttpExecuteResponse response = http.prepareRequest(signed(body)).call();
      try (InputStream answer = response.responseBody().orElseThrow(IOException::new)) {
        JsonNode row = JSON.readTree(answer.readAllBytes()).path("rows").path(0);
        return response.httpResponse().isSuccessful() && row.isObject()
            ? Optional.of(row)
            : Optional.empty();
      }
    } catch (IOException | JacksonException e) {
      return Optional.empty(); // The job itself was shown; this is an extra.
    }
  }

  private HttpExecuteRequest signed(byte[] body) {
    ContentStreamProvider content = () -> new ByteArrayInputStream(body);
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(endpoint.resolve("/v1/query"))
            .putHeader("Content-Type", "application/json")
            .putHeader("Content-Length", Integer.toString(body.length))
            .build();
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                sign ->
                    sign.identity(credentials.resolveIdentity().join())
                        .request(request)
                        .payload(content)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "bedrock")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region.id()));
    return HttpExecuteRequest.builder()
        .request(signed.request())
        .contentStreamProvider(content)
        .build();
  }
}
