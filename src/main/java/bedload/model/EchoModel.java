package bedload.model;

import bedload.job.ModelInvocationType;
import bedload.job.TokenUsage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Answers every record with the record itself, as {@code {"echo": modelInput}}. It is no language
 * model: it is there to try a job's way through the service without a model's cost, and has to be
 * configured by name.
 */
public final class EchoModel implements Model {
  private static final byte[] HEAD = "{\"echo\":".getBytes(StandardCharsets.UTF_8);

  @Override
  public ModelReply invoke(byte[] modelInput, ModelInvocationType type) {
    ByteArrayOutputStream echo = new ByteArrayOutputStream(HEAD.length + modelInput.length + 1);
    echo.writeBytes(HEAD);
    echo.writeBytes(modelInput);
    echo.write('}');
    return new ModelReply.Answer(echo.toByteArray(), TokenUsage.UNKNOWN);
  }

  @Override
  public String servedBy() {
    return "bedload's echo, which is no language model";
  }
}
