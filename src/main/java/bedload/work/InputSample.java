package bedload.work;

import bedload.job.InputRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Some records of an input, taken at even distances, so that all parts of it are heard. */
public final class InputSample {
  private InputSample() {}

  /**
   * Reads the stream as far as needed and closes it. Lines that are no records are passed over.
   *
   * @param records how many the input holds
   * @param wanted how many to return; all, if the input holds no more
   */
  public static List<InputRecord> of(InputStream stream, long records, int wanted)
      throws IOException {
    List<InputRecord> sample = new ArrayList<>();
    long count = Math.min(records, wanted);
    RecordReader reader = new RecordReader();
    long number = 0;
    long ordinal = 0;
    try (Lines lines = new Lines(stream)) {
      Lines.Line line;
      while (sample.size() < count && (line = lines.next()) != null) {
        number++;
        if (!line.isBlank()
            && reader.read(line, number, ordinal)
                instanceof RecordReader.Reading.Good(InputRecord record)) {
          // The middle of each of as many equal parts as are wanted.
          if (ordinal == (2L * sample.size() + 1) * records / (2 * count)) {
            sample.add(record);
          }
          ordinal++;
        }
      }
    }
    return List.copyOf(sample);
  }
}
