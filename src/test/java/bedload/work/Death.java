package bedload.work;

/** The end of a simulated process, at any point: nothing of it runs on, and nobody catches it. */
final class Death extends Error {
  Death() {
    super("A simulated process died", null, false, false);
  }
}
