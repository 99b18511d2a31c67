package bedload.command;

import bedload.job.InputRecord;
import bedload.job.ModelInvocationType;
import bedload.job.Price;
import bedload.job.RecordOutcome;
import bedload.job.TokenUsage;
import bedload.model.ServedModel;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Some records, answered by their model as a job's would be. */
final class SampleRun {
  /** One record's answer and how long it took, in seconds. */
  record Sampled(RecordOutcome outcome, double seconds) {}

  private final List<Sampled> sampled;

  SampleRun(List<Sampled> sampled) {
    this.sampled = List.copyOf(sampled);
  }

  /**
   * Calls the model for each record.
   *
   * @param inFlight how many calls are made at once
   * @param wait hears of each answer, in the order of the records
   */
  static SampleRun of(
      List<InputRecord> records,
      ServedModel model,
      ModelInvocationType type,
      int inFlight,
      WaitLine wait)
      throws InterruptedException, IOException {
    Semaphore places = new Semaphore(inFlight);
    List<Future<Sampled>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (InputRecord record : records) {
        running.add(threads.submit(timed(record, model, type, places)));
      }
      List<Sampled> sampled = new ArrayList<>();
      for (Future<Sampled> answer : running) {
        sampled.add(answer.get());
        wait.at(sampled.size());
      }
      return new SampleRun(sampled);
    } catch (ExecutionException failed) {
      throw new IOException("A record of the sample could not be answered", failed.getCause());
    }
  }

  private static Callable<Sampled> timed(
      InputRecord record, ServedModel model, ModelInvocationType type, Semaphore places) {
    return () -> {
      places.acquire();
      try {
        long began = System.nanoTime();
        RecordOutcome outcome = model.answer(record.modelInput(), type);
        return new Sampled(outcome, (System.nanoTime() - began) / 1e9);
      } finally {
        places.release();
      }
    };
  }

  /** Returns the messages of the records that failed. */
  List<String> failures() {
    return sampled.stream()
        .map(Sampled::outcome)
        .filter(RecordOutcome.Failure.class::isInstance)
        .map(outcome -> ((RecordOutcome.Failure) outcome).message())
        .toList();
  }

  /** Returns how long each record took, in seconds. */
  double[] seconds() {
    return sampled.stream().mapToDouble(Sampled::seconds).toArray();
  }

  /** Returns the tokens that each answered record's model read; empty if a server did not say. */
  Optional<double[]> inputTokens() {
    return counts(usage -> Optional.ofNullable(usage.input()).map(Long::doubleValue));
  }

  /** Returns the tokens that each answered record's model wrote; empty if a server did not say. */
  Optional<double[]> outputTokens() {
    return counts(usage -> Optional.ofNullable(usage.output()).map(Long::doubleValue));
  }

  /** Returns what each record cost; empty if a server did not say how many tokens it took. */
  Optional<double[]> costs(Price price) {
    return counts(usage -> price.of(usage).map(BigDecimal::doubleValue));
  }

  private interface Count {
    Optional<Double> of(TokenUsage usage);
  }

  /** A record that failed counts as zero: its like in the whole input will cost nothing, too. */
  private Optional<double[]> counts(Count count) {
    double[] counts = new double[sampled.size()];
    for (int i = 0; i < counts.length; i++) {
      if (sampled.get(i).outcome() instanceof RecordOutcome.Success success) {
        Optional<Double> known = count.of(success.usage());
        if (known.isEmpty()) {
          return Optional.empty();
        }
        counts[i] = known.get();
      }
    }
    return Optional.of(counts);
  }
}
