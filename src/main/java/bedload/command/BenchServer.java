package bedload.command;

import java.net.URI;

/** A model server that a bench starts and ends. */
interface BenchServer extends AutoCloseable {
  /** Returns the base URL, as a model's entry names it. */
  URI url();

  @Override
  void close();
}
