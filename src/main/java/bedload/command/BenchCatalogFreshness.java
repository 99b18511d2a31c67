package bedload.command;

import bedload.catalog.Catalog;
import bedload.catalog.OwnSources;
import bedload.catalog.ReadingDesk;
import bedload.catalog.SqlText;
import bedload.collect.CollectLoop;
import bedload.collect.OwnJobs;
import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobSpec;
import bedload.job.JobStatus;
import bedload.job.ModelInvocationType;
import bedload.job.S3Uri;
import bedload.ledger.DatabaseClock;
import bedload.ledger.Ledger;
import bedload.ledger.Steps;
import bedload.ledger.SubmitResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Jdbi;

/**
 * How long a job's change of status takes to be a row that a reader sees: from before the step that
 * makes it to the end of the first question that tells it, while own jobs are collected as in a
 * service.
 */
final class BenchCatalogFreshness {
  private static final AccountId ACCOUNT = new AccountId(BenchCatalogFill.ACCOUNT);
  private static final String REGION = "us-east-1";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(2);

  /** Longer than the loop rests, so that changes come at any time of its rest. */
  private static final int MOST_MILLIS_BETWEEN_CHANGES = 250;

  private static final String STATUS =
      """
      select status
        from aws_bedrock_model_invocation_job
       where job_arn = $1
      """;

  private final Jdbi jdbi;
  private final Catalog catalog;
  private final ReadingDesk desk;
  private final RandomGenerator random = new Random(1);

  BenchCatalogFreshness(Jdbi jdbi, Catalog catalog, ReadingDesk desk) {
    this.jdbi = jdbi;
    this.catalog = catalog;
    this.desk = desk;
  }

  /** Returns the sorted milliseconds of so many changes. */
  double[] millis(int changes) throws InterruptedException {
    double[] millis = new double[changes];
    try (DatabaseClock clock = new DatabaseClock(jdbi)) {
      OwnJobs ownJobs = new OwnJobs(jdbi, catalog, new OwnSources(jdbi, clock));
      Ledger ledger = new Ledger(jdbi, clock, random);
      Steps steps = new Steps(jdbi, clock);
      try (CollectLoop _ = CollectLoop.start("Collecting own jobs", ownJobs::step)) {
        for (int n = 0; n < changes; n++) {
          Job job = submit(ledger, n);
          untilSeen(job, JobStatus.SUBMITTED);
          Thread.sleep(random.nextInt(MOST_MILLIS_BETWEEN_CHANGES));
          long began = System.nanoTime();
          steps.beginValidating(job.id());
          untilSeen(job, JobStatus.VALIDATING);
          millis[n] = (System.nanoTime() - began) / 1e6;
        }
      }
    }
    Arrays.sort(millis);
    return millis;
  }

  private static Job submit(Ledger ledger, int n) {
    JobSpec spec =
        new JobSpec(
            "fresh-" + n,
            "arn:aws:iam::" + BenchCatalogFill.ACCOUNT + ":role/batch",
            "amazon.titan-embed-text-v2:0",
            ModelInvocationType.INVOKE_MODEL,
            new JobSpec.Input(S3Uri.parse("s3://in/records.jsonl"), null, ACCOUNT),
            new JobSpec.Output(S3Uri.parse("s3://out/"), null, ACCOUNT),
            null,
            null,
            Duration.ofHours(24),
            Map.of("team", "bench"));
    SubmitResult result = ledger.submit(ACCOUNT, REGION, spec);
    return switch (result) {
      case SubmitResult.Submitted(Job job) -> job;
      case SubmitResult.Repeated _, SubmitResult.TokenReused _, SubmitResult.NameInUse _ ->
          throw new IllegalStateException("A job was refused: " + result);
    };
  }

  private void untilSeen(Job job, JobStatus status) throws InterruptedException {
    ReadingDesk.Ask ask = new ReadingDesk.Ask(SqlText.of(STATUS), List.of(job.arn()), 1, null);
    long began = System.nanoTime();
    while (desk.ask(BenchCatalogFill.ACCOUNT, ask).rows().stream()
        .noneMatch(row -> row.getFirst().asString().equals(status.wireName()))) {
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            "%s is not seen as %s after %d s"
                .formatted(job.arn(), status.wireName(), PATIENCE.toSeconds()));
      }
      Thread.sleep(BETWEEN_QUESTIONS);
    }
  }
}
