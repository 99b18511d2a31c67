package bedload.work;

import bedload.job.Lease;
import bedload.job.Ordinals;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import bedload.ledger.Shards;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run of a shard as {@link ShardWork} and {@link ShardRun} make it, cut into steps that never
 * wait: what they leave to threads is here an event each.
 */
final class SimulatedRun {
  private static final long TICK = Duration.ofMillis(250).toNanos();
  private static final int IN_FLIGHT = 3;

  private final SimulatedNode node;
  private final Simulation world;
  private final SimulatedTasks.Picked task;
  private final Shard shard;
  private final Deque<Integer> due = new ArrayDeque<>();
  private final Deque<Answer> answered = new ArrayDeque<>();
  private final LeaseProof proof;
  private @Nullable Lease lease;
  private @Nullable ShardLog log;
  private @Nullable Ordinals durable;
  private int inFlight;
  private boolean isOver;

  SimulatedRun(SimulatedNode node, SimulatedTasks.Picked task) {
    this.node = node;
    this.world = node.world;
    this.shard = world.shards.get(task.number());
    this.task = task;
    this.proof = new LeaseProof(Heartbeat.DEFAULT.proofTerm(), world::now);
  }

  SimulatedTasks.Picked task() {
    return task;
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  /** Runs a step; trouble with the world ends the run, and the task comes again. */
  private void attempt(Step step) {
    if (isOver) {
      return;
    }
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      if (e instanceof Simulation.Violation || e instanceof IllegalStateException) {
        throw (RuntimeException) e;
      }
      end(false, "stops: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts", e);
    }
  }

  private void end(boolean isDone, String why) {
    node.note("shard " + shard.number() + " " + why);
    isOver = true;
    node.ended(this, isDone);
  }

  void begin() {
    attempt(
        () -> {
          Optional<Lease> claimed = node.book().claim(shard.job(), shard.number(), node.name());
          if (claimed.isEmpty()) {
            end(true, "has ended already");
            return;
          }
          lease = claimed.get();
          node.note("holds shard %d by epoch %d".formatted(shard.number(), lease.epoch()));
          SegmentWriter writer =
              new SegmentWriter(node.objects(), node.book(), node.memory(), WorkMeter.NONE);
          Recovery.Found found =
              new Recovery(node.book(), node.objects(), writer, node.journals()).adopt(lease);
          if (!found.held()) {
            end(false, "is another's");
            return;
          }
          durable = found.durable();
          for (int ordinal = 0; ordinal < shard.records(); ordinal++) {
            if (!durable.contains(ordinal)) {
              due.add(ordinal);
            }
          }
          node.journals().check();
          log =
              new ShardLog(
                  lease, node.journals(), writer, found.nextSequence(), durable, world::now);
          tick();
        });
  }

  private void tick() {
    attempt(
        () -> {
          long asked = world.now();
          Shards.Pulse pulse = node.book().pulse(held());
          if (pulse == Shards.Pulse.LOST || !log().sealIfDue()) {
            end(false, "is another's");
            return;
          }
          proof.proven(asked);
          while (!answered.isEmpty() && log().tryAdd(answered.peek())) {
            answered.remove();
            inFlight--;
          }
          feed();
          if (due.isEmpty() && inFlight == 0) {
            finish();
          } else {
            world.after(TICK, node, this::tick);
          }
        });
  }

  private void feed() {
    while (!due.isEmpty()
        && inFlight < IN_FLIGHT
        && log().paused() == null
        && (proof.isFresh() || !world.isLapseChecked)) {
      call(due.remove());
    }
  }

  /** The model is asked; it is paid for from now on. */
  private void call(int ordinal) {
    if (world.book.epoch(shard) != held().epoch()) {
      throw new Simulation.Violation(
          "%s calls for record %d of shard %d, which another node has claimed"
              .formatted(node, ordinal, shard.number()));
    }
    if (world.book.isDurable(shard, ordinal)
        || node.disk().ordinals(shard.job(), shard.number()).contains(ordinal)) {
      throw new Simulation.Violation(
          "%s calls for record %d of shard %d, whose answer is durable"
              .formatted(node, ordinal, shard.number()));
    }
    inFlight++;
    long takes = Duration.ofMillis(world.random.nextInt(100, 6_000)).toNanos();
    world.after(takes, node, () -> attempt(() -> answer(ordinal)));
  }

  private void answer(int ordinal) {
    byte[] line = Simulation.line(shard, ordinal).getBytes(StandardCharsets.US_ASCII);
    Answer answer = new Answer(ordinal, true, TokenUsage.of(1L, 1L), line);
    if (log().tryAdd(answer)) {
      inFlight--;
      feed();
    } else {
      answered.add(answer);
    }
  }

  private void finish() throws IOException, InterruptedException {
    if (!log().sealAll()) {
      end(false, "is another's");
      return;
    }
    if (Objects.requireNonNull(durable).size() < shard.records()) {
      throw new IOException("answers were lost on the disk");
    }
    boolean held = node.book().finish(held(), true);
    end(held, held ? "is complete" : "is another's");
  }

  private Lease held() {
    return Objects.requireNonNull(lease);
  }

  private ShardLog log() {
    return Objects.requireNonNull(log);
  }
}
