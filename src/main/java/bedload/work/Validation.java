package bedload.work;

import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobStatus;
import bedload.job.S3Uri;
import bedload.ledger.InputFault;
import bedload.ledger.Plan;
import bedload.ledger.Steps;
import bedload.model.ModelMap;
import bedload.object.ObjectStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submitted to Scheduled, or to Failed with a reason: reads all input once, and cuts it into
 * shards.
 */
final class Validation {
  private static final Logger LOG = LoggerFactory.getLogger(Validation.class);

  private static final String PROBE = ".write_access_check_file.tmp";

  private final Steps steps;
  private final JobStores stores;
  private final ModelMap models;
  private final WorkRules rules;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  Validation(Steps steps, JobStores stores, ModelMap models, WorkRules rules, InstantSource clock) {
    this.steps = steps;
    this.stores = stores;
    this.models = models;
    this.rules = rules;
    this.clock = clock;
  }

  /** Takes the job as far as it goes; a job that is elsewhere by now is left alone. */
  void run(JobId id) throws IOException {
    steps.beginValidating(id);
    CrashPoint.VALIDATING_BEGUN.pass();
    Job job = steps.find(id).orElseThrow();
    if (job.status() != JobStatus.VALIDATING) {
      return;
    }
    try (JobLog _ = JobLog.of(job)) {
      validate(job);
    } catch (JobTrouble trouble) {
      fail(job, trouble);
    }
  }

  private void fail(Job job, JobTrouble trouble) {
    try (JobLog _ = JobLog.of(job)) {
      LOG.info("Job {} fails: {}", job.arn(), trouble.sentence());
      steps.fail(job.id(), trouble.sentence());
      CrashPoint.FAILED.pass();
    }
  }

  private void validate(Job job) throws JobTrouble, IOException {
    TestWishes wishes = TestWishes.of(job, rules.testClock());
    wishes.failIfWished();
    requireModel(job);
    rules.permissions().require(job);
    stores.requireRole(job);
    InputSurvey survey = new InputSurvey(job, stores.input(job), rules.input(), wishes);
    survey.run();
    if (survey.faultCount() > 0) {
      LOG.info("Job {} fails: {} lines are wrong", job.arn(), survey.faultCount());
      steps.fail(job.id(), new JobTrouble(describe(survey)).sentence(), survey.faults());
      CrashPoint.FAILED.pass();
      return;
    }
    probe(stores.output(job), job);
    steps.schedule(
        job.id(),
        new Plan(
            survey.inputs(),
            survey.shards(),
            message(survey.repetition(), wishes.message()),
            wishes.plan(job, survey.shards().size(), clock.instant())));
    CrashPoint.SCHEDULED.pass();
    LOG.info("Job {} is valid: {} shards", job.arn(), survey.shards().size());
  }

  private void requireModel(Job job) throws JobTrouble {
    if (models.find(job.spec().modelId()).isEmpty()) {
      throw new JobTrouble(
          "No model server is configured for the model %s. Configured are %s; add it to the model map, or name one of these."
              .formatted(job.spec().modelId(), models.patterns()));
    }
  }

  private static String describe(InputSurvey survey) {
    InputFault first = survey.faults().getFirst();
    String others =
        survey.faultCount() == 1
            ? ""
            : " %,d further lines are wrong.".formatted(survey.faultCount() - 1);
    return "Input %s, line %d, column %d: %s; found %s.%s `bedload validate FILE` lists every wrong line; mend the file and create a new job."
        .formatted(
            first.object(), first.line(), first.column(), first.rule(), first.found(), others);
  }

  private static @Nullable String message(String repetition, @Nullable String test) {
    String all =
        Stream.of(repetition.isEmpty() ? null : repetition, test)
            .filter(Objects::nonNull)
            .collect(Collectors.joining(" "));
    return all.isEmpty() ? null : all;
  }

  /** Results that nobody may write would be paid for in vain. */
  private static void probe(ObjectStore store, Job job) throws JobTrouble {
    S3Uri probe = job.outputFolder().resolve(PROBE);
    StoreTrouble.orFailJob(
        "The output cannot be written",
        () -> {
          store.put(probe, new byte[0], "application/octet-stream");
          CrashPoint.PROBE_WRITTEN.pass();
          store.delete(probe);
          return probe;
        });
  }
}
