package bedload.work;

import bedload.job.S3Uri;
import bedload.object.ObjectStore;
import bedload.object.StoredObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the objects that a job's input names: one .jsonl object, or every .jsonl below a prefix.
 */
final class InputListing {
  private static final String EXTENSION = ".jsonl";

  private InputListing() {}

  /**
   * An object to read.
   *
   * @param relativeName its key below the input prefix; a single object's own name
   */
  record Found(StoredObject object, String relativeName) {}

  static List<Found> of(ObjectStore store, S3Uri input) throws JobTrouble {
    return input.key().endsWith(EXTENSION)
        ? List.of(single(store, input))
        : StoreTrouble.orFailJob("The input cannot be listed", () -> below(store, input));
  }

  private static Found single(ObjectStore store, S3Uri input) throws JobTrouble {
    StoredObject object =
        StoreTrouble.orFailJob("The input cannot be read", () -> store.head(input))
            .orElseThrow(
                () ->
                    new JobTrouble(
                        "The input %s does not exist. Put the file there, or name the one you meant, and create a new job."
                            .formatted(input)));
    return new Found(object, input.fileName());
  }

  private static List<Found> below(ObjectStore store, S3Uri input) throws JobTrouble {
    String prefix = input.asPrefix();
    List<Found> found = new ArrayList<>();
    for (StoredObject object : store.list(new S3Uri(input.bucket(), prefix))) {
      if (object.uri().key().endsWith(EXTENSION)) {
        found.add(new Found(object, object.uri().key().substring(prefix.length())));
      }
    }
    if (found.isEmpty()) {
      throw new JobTrouble(
          "The input %s is neither a %s object nor a folder with one below it. Batch input is one file whose name ends in %s, or a folder of such files."
              .formatted(input, EXTENSION, EXTENSION));
    }
    return found;
  }
}
