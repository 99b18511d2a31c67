package bedload.model;

import bedload.job.ModelInvocationType;

/** One backend under one body family: answers one call at a time per thread. Thread-safe. */
public interface Model {
  /**
   * Calls the model once and waits for its reply, at most until the backend's own deadline.
   *
   * @param modelInput a JSON object, as it stands in the record
   * @throws InterruptedException if the thread was interrupted; the call is given up, and its
   *     connection closed, so that a server can stop working on it
   */
  ModelReply invoke(byte[] modelInput, ModelInvocationType type) throws InterruptedException;

  /** Returns who answers, for people: the program or server, and its name for the model. */
  String servedBy();
}
