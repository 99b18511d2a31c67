package bedload.work;

import bedload.job.AccountId;
import bedload.object.ObjectStore;
import bedload.object.ObjectStoreContract;
import java.util.Set;

/** The double of simulations keeps what the real store keeps. */
class MemoryStoreTest implements ObjectStoreContract {
  private final ObjectStore store = new MemoryStore(Runnable::run, Set.of("bucket"));

  @Override
  public ObjectStore store() {
    return store;
  }

  @Override
  public String bucket() {
    return "bucket";
  }

  @Override
  public AccountId owner() {
    return MemoryStore.OWNER;
  }
}
