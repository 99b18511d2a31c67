package bedload.work;

import bedload.job.RecordCounts;
import bedload.job.TokenUsage;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What a job came to, as a JSON object beside its outputs. */
final class Manifest {
  static final String NAME = "manifest.json.out";

  private static final JsonFactory JSON = new JsonFactory();

  private Manifest() {}

  /** Returns the manifest; a token count that no server said is left out, since it is not zero. */
  static byte[] of(RecordCounts counts, TokenUsage tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeNumberProperty("totalRecordCount", counts.total());
      json.writeNumberProperty("processedRecordCount", counts.processed());
      json.writeNumberProperty("successRecordCount", counts.success());
      json.writeNumberProperty("errorRecordCount", counts.error());
      writeIfKnown(json, "inputTokenCount", tokens.input());
      writeIfKnown(json, "outputTokenCount", tokens.output());
      writeIfKnown(json, "cacheReadInputTokenCount", tokens.cacheRead());
      writeIfKnown(json, "cacheWriteInputTokenCount", tokens.cacheWrite());
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeIfKnown(JsonGenerator json, String name, @Nullable Long count) {
    if (count != null) {
      json.writeNumberProperty(name, count);
    }
  }
}
