package bedload.trace;

import bedload.job.Job;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/** A claim whose calls are recorded as often as a rate allows. */
final class OpenTelemetryShard implements ShardSpan {
  private static final AttributeKey<Long> RECORD = AttributeKey.longKey("bedload.record.number");
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("bedload.model.id");

  private final Tracer tracer;
  private final Span span;
  private final Context context;
  private final Job job;
  private final CallRate rate;

  OpenTelemetryShard(Tracer tracer, Span span, Job job, CallRate rate) {
    this.tracer = tracer;
    this.span = span;
    this.context = Context.root().with(span);
    this.job = job;
    this.rate = rate;
  }

  @Override
  public CallSpan call(long record) {
    if (!span.getSpanContext().isSampled() || !rate.take()) {
      return OpenTelemetryCall.unrecorded(span.getSpanContext());
    }
    return new OpenTelemetryCall(
        tracer
            .spanBuilder("call")
            .setParent(context)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(MODEL, job.spec().modelId())
            .setAttribute(RECORD, record)
            .startSpan());
  }

  @Override
  public void failed(String message) {
    span.setStatus(StatusCode.ERROR, message);
  }

  @Override
  public void close() {
    span.end();
  }
}
