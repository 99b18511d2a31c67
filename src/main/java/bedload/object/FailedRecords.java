package bedload.object;

import java.io.IOException;
import java.io.InputStream;

/** Reads which records of a job's output failed. */
public final class FailedRecords {
  private FailedRecords() {}

  /**
   * A record that failed.
   *
   * @param modelInput the bytes of the JSON object as they stand in the output
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes go on uncopied; nobody compares failures
  public record Failed(String recordId, byte[] modelInput, int errorCode, String errorMessage) {}

  /** Takes one failed record after another. */
  @FunctionalInterface
  public interface Sink {
    void take(Failed failed) throws IOException;
  }

  /** Hands on each failed record of an output, in its order. */
  public static void read(InputStream output, Sink sink) throws IOException {
    OutputRecords.read(
        output,
        read -> {
          OutputRecords.Failure error = read.error();
          if (error != null) {
            sink.take(
                new Failed(read.recordId(), read.modelInput(), error.code(), error.message()));
          }
          return true;
        });
  }
}
