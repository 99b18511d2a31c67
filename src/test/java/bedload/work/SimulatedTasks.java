package bedload.work;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The task list as db-scheduler keeps it: who has picked what, and whose heart has stopped. */
final class SimulatedTasks {
  /** The number of the task that assembles; shards have their own. */
  static final int ASSEMBLE = -1;

  private static final class Task {
    private long dueAt;
    private @Nullable String pickedBy;
    private long version;
  }

  /** A task that a node has picked, until anybody else touches it. */
  record Picked(int number, long version) {}

  private final Map<Integer, Task> tasks = new HashMap<>();
  private final Map<String, Long> beats = new HashMap<>();
  private final long takeOverNanos;

  SimulatedTasks(int shards, long takeOverNanos) {
    this.takeOverNanos = takeOverNanos;
    for (int number = 0; number < shards; number++) {
      tasks.put(number, new Task());
    }
  }

  void beat(String node, long now) {
    beats.put(node, now);
  }

  /** Frees what a node had picked in an earlier life, and what silent nodes have. */
  void release(String node) {
    tasks.values().stream()
        .filter(task -> node.equals(task.pickedBy))
        .forEach(
            task -> {
              task.pickedBy = null;
              task.version++;
            });
  }

  /**
   * Returns a task to do now that nobody does; null if there is none.
   *
   * @param isSettled whether the node may take others for dead; see {@link Contact}
   */
  @Nullable Picked pick(String node, long now, boolean isAssemblyDue, boolean isSettled) {
    if (isAssemblyDue) {
      tasks.computeIfAbsent(ASSEMBLE, _ -> new Task());
    }
    for (Map.Entry<Integer, Task> entry : tasks.entrySet()) {
      Task task = entry.getValue();
      boolean isFree =
          task.pickedBy == null
              || (isSettled
                  && now - Objects.requireNonNull(beats.get(task.pickedBy)) > takeOverNanos);
      if (isFree && task.dueAt <= now) {
        task.pickedBy = node;
        return new Picked(entry.getKey(), ++task.version);
      }
    }
    return null;
  }

  /** Takes a task off the list, unless somebody has touched it since it was picked. */
  void done(Picked picked) {
    if (isUntouched(picked)) {
      tasks.remove(picked.number());
    }
  }

  /** Puts a task back, unless somebody has touched it since it was picked. */
  void again(Picked picked, long at) {
    if (isUntouched(picked)) {
      Task task = Objects.requireNonNull(tasks.get(picked.number()));
      task.pickedBy = null;
      task.version++;
      task.dueAt = at;
    }
  }

  private boolean isUntouched(Picked picked) {
    Task task = tasks.get(picked.number());
    return task != null && task.version == picked.version();
  }

  /** Says whether the node has the task. */
  boolean isOf(int number, String node) {
    Task task = tasks.get(number);
    return task != null && node.equals(task.pickedBy);
  }
}
