package bedload.model;

import bedload.job.ModelInvocationType;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One model on several servers. A call that a server refuses goes on to the next at once, since a
 * refused call costs nothing; one that came to nothing comes back, since it may have been paid for,
 * and whoever asks again is sent elsewhere.
 *
 * @param models in the order of the board's servers
 */
record ReplicatedModel(List<Model> models, ReplicaBoard board) implements Model {
  ReplicatedModel {
    models = List.copyOf(models);
  }

  @Override
  public ModelReply invoke(byte[] modelInput, ModelInvocationType type)
      throws InterruptedException {
    BitSet tried = new BitSet();
    ModelReply refused = null;
    while (true) {
      switch (board.take(modelInput, tried)) {
        case ReplicaBoard.Turn.Wait(Duration left) -> {
          boolean allRefused = tried.cardinality() == models.size();
          return refused != null && allRefused ? refused : full(left);
        }
        case ReplicaBoard.Turn.Call(int server) -> {
          ModelReply reply = call(server, modelInput, type);
          if (!mayGoOn(reply)) {
            return reply;
          }
          tried.set(server);
          refused = milder(refused, reply);
        }
      }
    }
  }

  private ModelReply call(int server, byte[] modelInput, ModelInvocationType type)
      throws InterruptedException {
    ModelReply reply = null;
    try {
      reply = models.get(server).invoke(modelInput, type);
      return reply;
    } finally {
      board.give(server, reply);
    }
  }

  private static boolean mayGoOn(ModelReply reply) {
    return switch (reply) {
      case ModelReply.Overload _ -> true;
      case ModelReply.Refusal refusal -> ReplicaBoard.isOfTheServer(refusal);
      case ModelReply.Answer _, ModelReply.Silence _ -> false;
    };
  }

  /** What one server asked for would be too long if another is free before. */
  private static ModelReply full(Duration left) {
    return new ModelReply.Overload(
        503, left, "All servers of the model have as many calls as they take");
  }

  /** Returns what leaves the record the better hope: a busy server, and the one soonest free. */
  private static ModelReply milder(@Nullable ModelReply before, ModelReply reply) {
    if (before instanceof ModelReply.Overload first) {
      boolean isSooner =
          reply instanceof ModelReply.Overload other && other.after().compareTo(first.after()) < 0;
      return isSooner ? reply : before;
    }
    return reply;
  }

  @Override
  public String servedBy() {
    return models.stream().map(Model::servedBy).collect(Collectors.joining(", "));
  }
}
