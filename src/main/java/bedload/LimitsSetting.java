package bedload;

import bedload.work.InputLimits;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** How much input a job may bring, as settings have it: {@code aws}, {@code open}, or by name. */
public record LimitsSetting(InputLimits limits) {
  /** Reads the name of a set of limits. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static LimitsSetting ofName(String name) {
    return new LimitsSetting(
        switch (name) {
          case "aws" -> InputLimits.AWS;
          case "open" -> InputLimits.OPEN;
          default ->
              throw new IllegalArgumentException(
                  "limits are aws or open, or given one by one; this is '" + name + "'");
        });
  }

  /** Puts single limits together; what is absent is null and as wide as in {@code open}. */
  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static LimitsSetting ofParts(
      @JsonProperty("min-records") @Nullable Long minRecords,
      @JsonProperty("max-records-per-file") @Nullable Long maxRecordsPerFile,
      @JsonProperty("max-records") @Nullable Long maxRecords,
      @JsonProperty("max-bytes-per-file") @Nullable Long maxBytesPerFile,
      @JsonProperty("max-bytes") @Nullable Long maxBytes) {
    InputLimits open = InputLimits.OPEN;
    return new LimitsSetting(
        new InputLimits(
            minRecords == null ? open.fewestRecords() : minRecords,
            maxRecordsPerFile == null ? open.recordsPerObject() : maxRecordsPerFile,
            maxRecords == null ? open.recordsPerJob() : maxRecords,
            maxBytesPerFile == null ? open.bytesPerObject() : maxBytesPerFile,
            maxBytes == null ? open.bytesPerJob() : maxBytes));
  }
}
