package bedload.command;

import bedload.job.RecordCounts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a job's record counts off the answers that pass by: they are members of the API that this
 * version of the SDK has no accessors for.
 */
final class RecordCountsOnWire implements ExecutionInterceptor {
  private static final JsonMapper JSON = JsonMapper.shared();

  private volatile RecordCounts latest = RecordCounts.NONE;

  /** Returns the counts of the latest answer that had any. */
  RecordCounts latest() {
    return latest;
  }

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    return context.responseBody().map(this::read);
  }

  private InputStream read(InputStream body) {
    try (body) {
      byte[] bytes = body.readAllBytes();
      JsonNode answer = bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
      if (answer.has("totalRecordCount")) {
        latest =
            new RecordCounts(
                answer.path("totalRecordCount").asLong(0),
                answer.path("successRecordCount").asLong(0),
                answer.path("errorRecordCount").asLong(0));
      }
      return new ByteArrayInputStream(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
