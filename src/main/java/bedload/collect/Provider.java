package bedload.collect;

import java.util.Map;

/** A service of a provider, for one account in one region. Thread-safe. */
interface Provider extends AutoCloseable {
  /**
   * Calls an operation once, and says what became of it.
   *
   * @param service the provider's name of the service
   * @param members the request's members by the provider's names: texts, numbers and instants
   */
  ProviderReply call(String service, String operation, Map<String, ?> members);

  @Override
  void close();
}
