package bedload.command;

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
 * Keeps the JSON of the answer that passed by last. It is what {@code --json} prints, and it has
 * members, a job's record counts among them, that this version of the SDK has no accessors for.
 */
final class AnswersOnWire implements ExecutionInterceptor {
  private static final JsonMapper JSON = JsonMapper.shared();

  private volatile JsonNode latest = JSON.createObjectNode();

  /** Returns the latest answer that had a body; an empty object before the first. */
  JsonNode latest() {
    return latest;
  }

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    return context.httpResponse().isSuccessful()
        ? context.responseBody().map(this::read)
        : context.responseBody();
  }

  private InputStream read(InputStream body) {
    try (body) {
      byte[] bytes = body.readAllBytes();
      if (bytes.length > 0) {
        latest = JSON.readTree(bytes);
      }
      return new ByteArrayInputStream(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
