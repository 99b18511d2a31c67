package bedload.work;

import bedload.job.JobId;
import bedload.ledger.Books;
import bedload.ledger.Tasks;
import bedload.model.ModelMap;
import bedload.object.ObjectStores;
import bedload.trace.Traces;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs whatever the ledger's task lists hold, on this node: db-scheduler picks, beats hearts and
 * revives what dead nodes had picked. Shards have a scheduler of their own, so that they never hold
 * up the short steps.
 */
public final class Workshop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);

  private static final Duration POLL_EVERY = Duration.ofMillis(200);
  private static final Duration TIME_OUT_EVERY = Duration.ofSeconds(1);
  private static final Duration RECKON_EVERY = Duration.ofSeconds(2);

  /** The list does not know who may have a shard; the right node picks it sooner or later. */
  private static final Duration LOOK_FOR_KEEPER_AFTER = Duration.ofSeconds(1);

  private static final int STEPS_AT_ONCE = 8;
  private static final int SHARDS_AT_ONCE = 16;

  private final Journals journals;
  private final Contact contact;
  private final GrantKeeper grants;
  private final Tidying tidying;
  private final Scheduler stepScheduler;
  private final Scheduler shardScheduler;
  private final Drain drain;

  /** Makes a workshop whose work nobody counts or traces. */
  public Workshop(
      Node node,
      DataSource dataSource,
      InstantSource clock,
      Books books,
      ObjectStores stores,
      ModelMap models,
      WorkRules rules) {
    this(node, dataSource, clock, books, stores, models, rules, WorkMeter.NONE, Traces.OFF);
  }

  /**
   * @param clock the database's time
   * @param rules what a job is held to here
   */
  public Workshop(
      Node node,
      DataSource dataSource,
      InstantSource clock,
      Books books,
      ObjectStores stores,
      ModelMap models,
      WorkRules rules,
      WorkMeter meter,
      Traces traces) {
    Path folder = node.folder();
    this.drain = new Drain(node.drain());
    this.journals = Journals.open(folder.resolve("journal"), meter);
    this.contact = new Contact(dataSource, node.heartbeat());
    this.grants = new GrantKeeper(node.name(), books.grants(), models.shared(), System::nanoTime);
    JobStores jobStores = new JobStores(stores);
    Validation validation = new Validation(books.steps(), jobStores, models, rules, clock);
    StorePatience patience = new StorePatience(clock);
    Assembly assembly =
        new Assembly(
            books.steps(),
            books.shards(),
            books.inputs(),
            jobStores,
            folder.resolve("spool"),
            patience);
    Sweep sweep = new Sweep(books.steps(), books.shards(), jobStores, journals);
    Unwritten unwritten = new Unwritten(folder.resolve("unwritten"), clock);
    this.tidying = new Tidying(sweep, unwritten, clock);
    ShardPlaces places =
        new ShardPlaces(
            SHARDS_AT_ONCE,
            () -> books.tasks().jobsWithoutPlace(clock.instant()),
            System::nanoTime);
    ShardWork shardWork =
        new ShardWork(
            node, books, jobStores, models, rules, journals, clock, meter, drain, traces, patience,
            unwritten, places);

    this.stepScheduler =
        builder(
                dataSource,
                Tasks.TABLE,
                List.of(
                    step(Tasks.Step.VALIDATE, validation::run),
                    step(Tasks.Step.START, _ -> start(books, rules, models)),
                    step(Tasks.Step.ASSEMBLE, assembly::run),
                    step(Tasks.Step.SWEEP, sweep::run),
                    step(Tasks.Step.SWEEP_AGAIN, sweep::again)),
                node,
                clock)
            .threads(STEPS_AT_ONCE)
            .startTasks(timeOut(books, rules, models), reckon(books, rules))
            .build();
    this.shardScheduler =
        builder(dataSource, Tasks.SHARD_TABLE, List.of(shard(shardWork)), node, clock)
            .threads(SHARDS_AT_ONCE)
            .build();

    books.tasks().releaseOf(node.name());
    CrashPoint.PICKS_RELEASED.pass();
    try {
      assembly.clearSpool();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot tidy up in " + folder, e);
    }
  }

  private static SchedulerBuilder builder(
      DataSource dataSource,
      String table,
      List<OneTimeTask<Void>> tasks,
      Node node,
      InstantSource clock) {
    return Scheduler.create(dataSource, List.copyOf(tasks))
        .tableName(table)
        .schedulerName(new SchedulerName.Fixed(node.name()))
        .clock(clock::instant)
        .pollingInterval(POLL_EVERY)
        .pollUsingLockAndFetch(0.5, 1.0)
        .heartbeatInterval(node.heartbeat().every())
        .missedHeartbeatsLimit(node.heartbeat().missedBeforeDead())
        .executorService(Executors.newVirtualThreadPerTaskExecutor())
        .shutdownMaxWait(node.drain().plusSeconds(10))
        .failureLogging(LogLevel.OFF, false);
  }

  /** One short step for the job of that id. */
  private interface JobStep {
    void run(JobId id) throws IOException, InterruptedException;
  }

  private OneTimeTask<Void> step(Tasks.Step step, JobStep work) {
    return com.github.kagkarlsson.scheduler.task.helper.Tasks.oneTime(step.taskName())
        .onFailure(Workshop::tryAgain)
        .onDeadExecution(this::takeOver)
        .execute(
            (instance, context) -> {
              try {
                work.run(new JobId(instance.getId()));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new HandedOver();
              }
            });
  }

  private OneTimeTask<Void> shard(ShardWork work) {
    return com.github.kagkarlsson.scheduler.task.helper.Tasks.oneTime(Tasks.SHARD)
        .onFailure(Workshop::tryAgain)
        .onDeadExecution(this::takeOver)
        .execute(
            (instance, context) -> {
              String[] parts = instance.getId().split("/");
              try {
                int failures = context.getExecution().consecutiveFailures;
                switch (work.run(new JobId(parts[0]), Integer.parseInt(parts[1]), failures)) {
                  case OVER -> {}
                  case HANDED_OVER -> throw new HandedOver();
                  case KEPT -> throw new NotNow(RetryPause.after(failures + 1));
                  case KEPT_ELSEWHERE -> throw new NotNow(LOOK_FOR_KEEPER_AFTER);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new HandedOver();
              }
            });
  }

  private static void start(Books books, WorkRules rules, ModelMap models) {
    if (books.queue().start(rules.queue(), models::price) > 0) {
      CrashPoint.STARTED.pass();
    }
  }

  private static RecurringTask<Void> timeOut(Books books, WorkRules rules, ModelMap models) {
    return com.github.kagkarlsson.scheduler.task.helper.Tasks.recurring(
            "time-out", FixedDelay.of(TIME_OUT_EVERY))
        .execute(
            (instance, context) -> {
              if (books.steps().timeOut() > 0) {
                CrashPoint.TIMED_OUT.pass();
              }
              // Places that a change of the limits made free have no task of their own.
              start(books, rules, models);
            });
  }

  private static RecurringTask<Void> reckon(Books books, WorkRules rules) {
    return com.github.kagkarlsson.scheduler.task.helper.Tasks.recurring(
            "reckon", FixedDelay.of(RECKON_EVERY))
        .execute((instance, context) -> books.queuePlaces().reckon(rules.queue()));
  }

  private void takeOver(ExecutionComplete dead, ExecutionOperations<Void> operations) {
    // Left as it is, it is found again at the next look.
    if (contact.isSettled()) {
      LOG.warn("{} is taken over: its node is silent", dead.getExecution().taskInstance);
      operations.reschedule(dead, dead.getTimeDone());
      CrashPoint.TAKEN_OVER.pass();
    }
  }

  /**
   * The task is unfinished, since the node goes down or another holds the shard: another run must
   * follow, and nothing is wrong.
   */
  private static final class HandedOver extends RuntimeException {}

  /** The shard is kept for when the store takes its answers: another run must follow, later. */
  private static final class NotNow extends RuntimeException {
    private final Duration pause;

    NotNow(Duration pause) {
      this.pause = pause;
    }
  }

  private static void tryAgain(ExecutionComplete complete, ExecutionOperations<Void> operations) {
    Throwable cause = complete.getCause().orElse(null);
    String task = complete.getExecution().taskInstance.toString();
    Duration pause = Duration.ZERO;
    if (cause instanceof HandedOver) {
      LOG.info(
          "{} is handed over: this node goes down, another has the shard, its store was away for a while, or a job that had no place gets this one",
          task);
    } else if (cause instanceof NotNow later) {
      pause = later.pause;
      LOG.info("{} waits for its store and is tried again in {}", task, pause);
    } else {
      pause = RetryPause.after(complete.getExecution().consecutiveFailures);
      LOG.warn("{} failed and is tried again in {}", task, pause, cause);
    }
    operations.reschedule(complete, complete.getTimeDone().plus(pause));
  }

  /** Begins to work; returns soon. */
  public void start() {
    grants.start();
    tidying.start();
    stepScheduler.start();
    shardScheduler.start();
  }

  /**
   * Stops in order: no new call is made, calls in flight get a moment to be answered, what was
   * answered is made durable.
   */
  @Override
  public void close() {
    drain.begin();
    shardScheduler.stop();
    stepScheduler.stop();
    contact.close();
    tidying.close();
    journals.close();
    grants.close();
    grants.giveBack();
  }
}
