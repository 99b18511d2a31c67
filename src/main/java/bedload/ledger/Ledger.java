package bedload.ledger;

import bedload.job.AccountId;
import bedload.job.Arns;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobSpec;
import bedload.job.JobStatus;
import bedload.job.Traceparent;
import bedload.job.VpcConfig;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The book of jobs as their owners see it: submit, find, list, stop. Thread-safe. */
public final class Ledger {
  /** As many as names are in a page, so that each submit pays for one name. */
  private static final int SUBMITS_A_FOLD = 100;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param clock the database's time, so that all nodes agree
   * @param random where job ids come from; thread-safe
   */
  public Ledger(Jdbi jdbi, InstantSource clock, RandomGenerator random) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.random = random;
  }

  private static final String INSERT =
      """
      insert into ledger.job (
             id, account, region, job_name, role_arn, model_id, invocation_type,
             input_uri, input_format, input_bucket_owner,
             output_uri, output_encryption_key, output_bucket_owner,
             client_request_token, subnet_ids, security_group_ids, timeout_seconds,
             tag_keys, tag_values, status, submitted_at, changed_at, deadline, model_key, traceparent)
      values (:id, :account, :region, :jobName, :roleArn, :modelId, :invocationType,
             :inputUri, :inputFormat, :inputOwner,
             :outputUri, :outputKey, :outputOwner,
             :token, :subnets, :securityGroups, :timeoutSeconds,
             :tagKeys, :tagValues, :status, :now, :now, :deadline, :modelKey, :traceparent)
      on conflict do nothing
      """;

  /** As the other, for a caller who traces nothing. */
  public SubmitResult submit(AccountId account, String region, JobSpec spec) {
    return submit(account, region, spec, Optional.empty());
  }

  /**
   * Makes a job, its first event and its first task; or nothing, if the request repeats another or
   * the name is taken.
   *
   * <p>The unique indexes decide every race: whoever loses one finds the winner's row here.
   *
   * @param cause where in a trace of the caller's this was asked for
   */
  public SubmitResult submit(
      AccountId account, String region, JobSpec spec, Optional<Traceparent> cause) {
    if (random.nextInt(SUBMITS_A_FOLD) == 0) {
      jdbi.useHandle(handle -> NamePages.fold(handle, account, region));
    }
    return jdbi.inTransaction(
        handle -> {
          while (true) {
            Optional<Job> repeated = ofToken(handle, account, region, spec.clientRequestToken());
            if (repeated.isPresent()) {
              Job job = repeated.get();
              return askedFor(handle, job).equals(spec)
                  ? new SubmitResult.Repeated(job)
                  : new SubmitResult.TokenReused(job);
            }
            JobId id = JobId.random(random);
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            if (insert(handle, id, account, region, spec, cause, now)) {
              NamePages.enter(handle, account, region, spec.jobName(), now, id);
              Steps.recordEvent(handle, id);
              Tasks.due(handle, Tasks.Step.VALIDATE, id, now);
              return new SubmitResult.Submitted(find(handle, account, region, id).orElseThrow());
            }
            Optional<Job> sameName = ofLiveName(handle, account, region, spec.jobName());
            if (sameName.isPresent()
                && !same(sameName.get().spec().clientRequestToken(), spec.clientRequestToken())) {
              return new SubmitResult.NameInUse(sameName.get());
            }
            // Lost to a request with the same token, or to a name that is free again: look once
            // more.
          }
        });
  }

  private static JobSpec askedFor(Handle handle, Job job) {
    return job.spec().withTags(Tags.askedFor(handle, job.id()));
  }

  private static boolean same(@Nullable String left, @Nullable String right) {
    return left != null && left.equals(right);
  }

  private static boolean insert(
      Handle handle,
      JobId id,
      AccountId account,
      String region,
      JobSpec spec,
      Optional<Traceparent> cause,
      Instant now) {
    VpcConfig vpc = spec.vpcConfig();
    return handle
            .createUpdate(INSERT)
            .bind("id", id.value())
            .bind("account", account.value())
            .bind("region", region)
            .bind("jobName", spec.jobName())
            .bind("roleArn", spec.roleArn())
            .bind("modelId", spec.modelId())
            .bind("invocationType", spec.modelInvocationType().wireName())
            .bind("inputUri", spec.input().uri().toString())
            .bind("inputFormat", spec.input().format())
            .bind("inputOwner", spec.input().bucketOwner().value())
            .bind("outputUri", spec.output().uri().toString())
            .bind("outputKey", spec.output().encryptionKeyId())
            .bind("outputOwner", spec.output().bucketOwner().value())
            .bind("token", spec.clientRequestToken())
            .bind("subnets", vpc == null ? null : texts(vpc.subnetIds()))
            .bind("securityGroups", vpc == null ? null : texts(vpc.securityGroupIds()))
            .bind("timeoutSeconds", spec.timeout().toSeconds())
            .bind("tagKeys", texts(List.copyOf(spec.tags().keySet())))
            .bind("tagValues", texts(List.copyOf(spec.tags().values())))
            .bind("status", JobStatus.SUBMITTED.wireName())
            .bind("now", now)
            .bind("deadline", now.plus(spec.timeout()))
            .bind("modelKey", Arns.bareModelId(spec.modelId()))
            .bind("traceparent", cause.map(Traceparent::toString).orElse(null))
            .execute()
        == 1;
  }

  private static String[] texts(List<String> texts) {
    return texts.toArray(String[]::new);
  }

  private static final String CAUSE =
      """
      select traceparent
        from ledger.job
       where id = :id and traceparent is not null
      """;

  /** Returns where in a trace of its caller's a job was asked for; empty if that is not known. */
  public Optional<Traceparent> causeOf(JobId id) {
    return jdbi.withHandle(
            handle ->
                handle.createQuery(CAUSE).bind("id", id.value()).mapTo(String.class).findOne())
        .flatMap(Traceparent::parse);
  }

  private static final String OF_TOKEN =
      JobRows.SELECT
          + """
           where job.account = :account and job.region = :region
             and job.client_request_token = :token
          """;

  private static Optional<Job> ofToken(
      Handle handle, AccountId account, String region, @Nullable String token) {
    return token == null
        ? Optional.empty()
        : handle
            .createQuery(OF_TOKEN)
            .bind("account", account.value())
            .bind("region", region)
            .bind("token", token)
            .map(JobRows::map)
            .findOne();
  }

  private static final String OF_LIVE_NAME =
      JobRows.SELECT
          + """
           where job.account = :account and job.region = :region and job.job_name = :name
             and job.status not in ('Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired')
          """;

  private static Optional<Job> ofLiveName(
      Handle handle, AccountId account, String region, String name) {
    return handle
        .createQuery(OF_LIVE_NAME)
        .bind("account", account.value())
        .bind("region", region)
        .bind("name", name)
        .map(JobRows::map)
        .findOne();
  }

  private static final String FIND =
      JobRows.SELECT
          + """
           where job.id = :id and job.account = :account and job.region = :region
          """;

  /** Returns an account's job; empty if it has none of that id in that region. */
  public Optional<Job> find(AccountId account, String region, JobId id) {
    return jdbi.withHandle(handle -> find(handle, account, region, id));
  }

  private static Optional<Job> find(Handle handle, AccountId account, String region, JobId id) {
    return handle
        .createQuery(FIND)
        .bind("id", id.value())
        .bind("account", account.value())
        .bind("region", region)
        .map(JobRows::map)
        .findOne();
  }

  /** Returns at most {@code limit} of the account's jobs that the query asks for, in its order. */
  public List<Job> list(AccountId account, String region, JobQuery query, int limit) {
    JobList list = new JobList(account, region, query, limit);
    return jdbi.inTransaction(list::read);
  }

  /** Asks for the end of a job; whatever it has finished is kept. */
  public StopResult stop(AccountId account, String region, JobId id) {
    return jdbi.inTransaction(
        handle -> {
          if (find(handle, account, region, id).isEmpty()) {
            return new StopResult.NotFound();
          }
          JobStatus status = Steps.lock(handle, id);
          if (status.isFinal()) {
            return new StopResult.AlreadyEnded(find(handle, account, region, id).orElseThrow());
          }
          if (status != JobStatus.STOPPING) {
            Instant now = clock.instant();
            Steps.move(handle, id, status, JobStatus.STOPPING, null, now);
            Steps.windDown(handle, id, now);
          }
          return new StopResult.Stopping(find(handle, account, region, id).orElseThrow());
        });
  }
}
