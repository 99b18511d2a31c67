package bedload.wire;

/** One operation of an AWS service. Thread-safe. */
public interface Operation {
  /** Returns where it is reached. */
  Route route();

  /**
   * Returns the answer: an object that Jackson writes as the body of a 200, a {@link Document}, a
   * {@link StreamedAnswer} or {@link Accepted}.
   *
   * @throws CallFault if the caller is to read why there is none
   */
  Object answer(Call call);
}
