package bedload.work;

import bedload.object.ObjectStore;
import bedload.object.ObjectStoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;

/** A node: its name and its disk last, its process dies and is started anew. */
final class SimulatedNode {
  private static final long POLL = Duration.ofSeconds(1).toNanos();
  private static final long BEAT = Heartbeat.DEFAULT.every().toNanos();
  private static final int RUNS_AT_ONCE = 2;

  final Simulation world;
  private final String name;
  private final MemoryDisk disk;
  private final SimulatedBook book;
  private final ObjectStore store;
  private final SegmentObjects objects;
  private Journals journals;
  private Semaphore memory;
  private final List<SimulatedRun> runs = new ArrayList<>();
  private int life;
  private long frozenUntil = -1;
  private long fullUntil;
  private long unbrokenSince;
  private long lastPoll;

  SimulatedNode(Simulation world, String name) {
    this.world = world;
    this.name = name;
    this.disk = new MemoryDisk(new DiskFate());
    this.book = world.book.seenBy(this::aroundDatabase);
    this.store = world.store.seenBy(this::aroundStore);
    this.objects = new SegmentObjects(store, world.job);
    this.journals = new Journals(disk);
    this.memory = new Semaphore(1);
  }

  /** Begins to live. */
  void start() {
    journals = new Journals(disk);
    memory = new Semaphore(1);
    runs.clear();
    unbrokenSince = world.now();
    lastPoll = world.now();
    world.tasks.release(name);
    beat();
    poll();
  }

  private void beat() {
    world.tasks.beat(name, world.now());
    world.after(BEAT, this, this::beat);
  }

  private void poll() {
    world.after(POLL, this, this::poll);
    if (world.strikes(400)) {
      note("its disk is full");
      fullUntil = world.now() + Duration.ofSeconds(world.random.nextInt(1, 60)).toNanos();
    }
    if (world.now() - lastPoll > BEAT) {
      unbrokenSince = world.now();
    }
    lastPoll = world.now();
    journals.probe();
    if (runs.size() < RUNS_AT_ONCE) {
      SimulatedTasks.Picked task =
          world.tasks.pick(name, world.now(), world.book.isAssemblyDue(), isSettled());
      if (task != null) {
        take(task);
      }
    }
  }

  /** As {@link Contact}: whoever was away itself takes nobody for dead yet. */
  private boolean isSettled() {
    return world.now() - unbrokenSince >= 2 * BEAT;
  }

  private void take(SimulatedTasks.Picked task) {
    boolean isAssembly = task.number() == SimulatedTasks.ASSEMBLE;
    note("takes " + (isAssembly ? "the assembly" : "shard " + task.number()));
    if (isAssembly) {
      try {
        world.assemble(this);
        world.tasks.done(task);
      } catch (IOException | ObjectStoreException | ConnectionException e) {
        again(task);
      }
    } else {
      SimulatedRun run = new SimulatedRun(this, task);
      runs.add(run);
      run.begin();
    }
  }

  /** A run has ended. */
  void ended(SimulatedRun run, boolean isDone) {
    runs.remove(run);
    if (isDone) {
      world.tasks.done(run.task());
    } else {
      again(run.task());
    }
  }

  private void again(SimulatedTasks.Picked task) {
    world.tasks.again(task, world.now() + Duration.ofSeconds(1).toNanos());
  }

  /** The process ends here; a new one comes, on the same disk or on a new one. */
  void die() {
    note("dies");
    life++;
    if (world.strikes(4)) {
      note("loses its disk");
      disk.lose();
    }
    world.after(Duration.ofMillis(world.random.nextInt(500, 60_000)).toNanos(), this, this::start);
  }

  private <T> T aroundDatabase(Supplier<T> transaction) {
    meetFate();
    if (world.strikes(40)) {
      throw new ConnectionException(new java.sql.SQLException("the database is away"));
    }
    T result = transaction.get();
    meetFate();
    if (world.strikes(40)) {
      note("never hears what became of its transaction");
      throw new ConnectionException(new java.sql.SQLException("the answer was lost"));
    }
    return result;
  }

  private void aroundStore(Runnable operation) {
    meetFate();
    if (world.strikes(30)) {
      throw new ObjectStoreException(
          ObjectStoreException.Kind.UNAVAILABLE, "the store is away", null);
    }
    operation.run();
    meetFate();
    if (world.strikes(30)) {
      throw new ObjectStoreException(
          ObjectStoreException.Kind.UNAVAILABLE, "the answer was lost", null);
    }
  }

  /** What may come between any two steps of a process. */
  private void meetFate() {
    if (world.strikes(150)) {
      throw new Death();
    }
    if (world.strikes(100)) {
      int mine = life;
      world.freeze(this, Duration.ofMillis(world.random.nextInt(1_000, 90_000)).toNanos());
      if (life != mine) {
        throw new IllegalStateException("A frozen process does nothing");
      }
    }
  }

  private final class DiskFate implements MemoryDisk.Fate {
    @Override
    public int beforeWrite(int bytes) {
      if (isFull()) {
        return world.random.nextInt(bytes);
      }
      return world.strikes(300) ? -1 - world.random.nextInt(bytes) : bytes;
    }

    @Override
    public boolean isFull() {
      return world.now() < fullUntil;
    }
  }

  void note(String what) {
    world.note(this, what);
  }

  int life() {
    return life;
  }

  long frozenUntil() {
    return frozenUntil;
  }

  void frozenUntil(long until) {
    frozenUntil = until;
  }

  String name() {
    return name;
  }

  MemoryDisk disk() {
    return disk;
  }

  SimulatedBook book() {
    return book;
  }

  ObjectStore store() {
    return store;
  }

  SegmentObjects objects() {
    return objects;
  }

  Journals journals() {
    return journals;
  }

  Semaphore memory() {
    return memory;
  }

  @Override
  public String toString() {
    return name + "/" + life;
  }
}
