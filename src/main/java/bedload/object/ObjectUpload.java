package bedload.object;

import java.io.OutputStream;

/**
 * An object that is being written. The bytes go to the store part by part from one buffer; the
 * object is there, all at once, when {@link #complete} returns. For one thread at a time. Its
 * methods throw {@link ObjectStoreException}.
 */
public abstract class ObjectUpload extends OutputStream {
  /**
   * Appends a whole object of the same store, without its bytes coming here.
   *
   * @param source as the store told it; another version of it is refused as {@link
   *     ObjectStoreException.Kind#CHANGED}
   * @return false if the store cannot do that with this object at this place: nothing was appended,
   *     and its bytes have to be written
   */
  public abstract boolean append(StoredObject source);

  /** Puts what was written in the place of whatever has the key. To be called once, at the end. */
  public abstract void complete();

  /**
   * Forgets what was written unless the upload was completed; nothing of it is left in the store.
   */
  @Override
  public abstract void close();
}
