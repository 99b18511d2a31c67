package bedload.trace;

import bedload.job.TokenUsage;
import bedload.job.Traceparent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call with the attributes of OpenTelemetry's conventions for generative AI. What was asked and
 * answered is not among them: records may be anybody's letters.
 */
final class OpenTelemetryCall implements CallSpan {
  private static final AttributeKey<String> OPERATION =
      AttributeKey.stringKey("gen_ai.operation.name");
  private static final AttributeKey<String> PROVIDER =
      AttributeKey.stringKey("gen_ai.provider.name");
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
  private static final AttributeKey<Long> INPUT = AttributeKey.longKey("gen_ai.usage.input_tokens");
  private static final AttributeKey<Long> OUTPUT =
      AttributeKey.longKey("gen_ai.usage.output_tokens");
  private static final AttributeKey<Long> CACHE_READ =
      AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
  private static final AttributeKey<Long> CACHE_WRITE =
      AttributeKey.longKey("gen_ai.usage.cache_creation.input_tokens");
  private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
  private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  /** Messages of servers quote what they were sent. */
  private static final int LONGEST_MESSAGE = 200;

  private final Span span;
  private final String traceparent;
  private boolean isTold;

  /** Makes the call of a span that was just started. */
  OpenTelemetryCall(Span span) {
    this(span, header(span.getSpanContext(), true));
  }

  private OpenTelemetryCall(Span span, String traceparent) {
    this.span = span;
    this.traceparent = traceparent;
  }

  /** Returns a call that is not recorded; the server still learns which trace it belongs to. */
  static OpenTelemetryCall unrecorded(SpanContext parent) {
    return new OpenTelemetryCall(Span.getInvalid(), header(parent, false));
  }

  private static String header(SpanContext context, boolean isSampled) {
    return new Traceparent(context.getTraceId(), context.getSpanId(), isSampled).toString();
  }

  @Override
  public Optional<String> traceparent() {
    return Optional.of(traceparent);
  }

  @Override
  public void asks(Operation operation, String provider, String model) {
    span.updateName(operation.word() + " " + model);
    span.setAttribute(OPERATION, operation.word());
    span.setAttribute(PROVIDER, provider);
    span.setAttribute(MODEL, model);
  }

  @Override
  public void sentTo(URI address) {
    span.setAttribute(ADDRESS, address.getHost());
    int port = address.getPort();
    span.setAttribute(
        PORT, port >= 0 ? (long) port : "https".equals(address.getScheme()) ? 443 : 80);
  }

  @Override
  public void answered(TokenUsage usage) {
    isTold = true;
    put(INPUT, usage.input());
    put(OUTPUT, usage.output());
    put(CACHE_READ, usage.cacheRead());
    put(CACHE_WRITE, usage.cacheWrite());
  }

  private void put(AttributeKey<Long> key, @Nullable Long count) {
    if (count != null) {
      span.setAttribute(key, count);
    }
  }

  @Override
  public void failed(int code, String message) {
    isTold = true;
    span.setAttribute(ERROR, Integer.toString(code));
    span.setStatus(
        StatusCode.ERROR, message.substring(0, Math.min(LONGEST_MESSAGE, message.length())));
  }

  @Override
  public void close() {
    if (!isTold) {
      span.setAttribute(ERROR, "cancelled");
      span.setStatus(StatusCode.ERROR, "The call was given up");
    }
    span.end();
  }
}
