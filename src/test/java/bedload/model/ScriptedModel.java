package bedload.model;

import bedload.job.ModelInvocationType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A model that says what it was told to, then fails the test. */
final class ScriptedModel implements Model {
  private final Deque<ModelReply> replies;
  private int calls;

  ScriptedModel(List<ModelReply> replies) {
    this.replies = new ArrayDeque<>(replies);
  }

  int calls() {
    return calls;
  }

  @Override
  public synchronized ModelReply invoke(byte[] modelInput, ModelInvocationType type) {
    calls++;
    return replies.remove();
  }

  @Override
  public String servedBy() {
    return "a script";
  }
}
