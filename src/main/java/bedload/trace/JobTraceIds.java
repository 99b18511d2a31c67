package bedload.trace;

import bedload.job.Job;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The ids of a job's trace, which follow from its ARN: nodes that know nothing of each other name
 * the same ones.
 *
 * @param traceId of the whole trace
 * @param digest what the ids of its spans are made of
 */
record JobTraceIds(String traceId, String digest) {
  private static final ScopedValue<JobTraceIds> GIVEN = ScopedValue.newInstance();
  private static final ScopedValue<String> GIVEN_SPAN = ScopedValue.newInstance();

  static JobTraceIds of(Job job) {
    String digest = sha256(job.arn());
    return new JobTraceIds(digest.substring(0, TraceId.getLength()), digest);
  }

  /** Returns the id of the span that stands for the whole job. */
  String jobSpan() {
    return span("job");
  }

  /** Returns the id of a span of the job by what it stands for. */
  String span(String of) {
    return sha256(digest + "/" + of).substring(0, SpanId.getLength());
  }

  /** Runs something whose next span gets the id that the name stands for. */
  void naming(String of, Runnable start) {
    ScopedValue.where(GIVEN, this).where(GIVEN_SPAN, span(of)).run(start);
  }

  /** Makes ids by chance, except within {@link #naming}. */
  static IdGenerator generator() {
    IdGenerator random = IdGenerator.random();
    return new IdGenerator() {
      @Override
      public String generateSpanId() {
        return GIVEN_SPAN.isBound() ? GIVEN_SPAN.get() : random.generateSpanId();
      }

      @Override
      public String generateTraceId() {
        return GIVEN.isBound() ? GIVEN.get().traceId() : random.generateTraceId();
      }
    };
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
