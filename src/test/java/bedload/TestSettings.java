package bedload;

import bedload.ledger.QueueLimits;
import bedload.work.InputLimits;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a service for a test: at ports that are free, on loopback, and all else as a user
 * gets it who sets nothing.
 */
final class TestSettings {
  private final Path data;
  private final List<ModelSetting> models;
  private QueueLimits queue = QueueLimits.DEFAULT;
  private @Nullable Boolean testClock;

  private TestSettings(Path data, List<ModelSetting> models) {
    this.data = data;
    this.models = models;
  }

  /** Begins with where the service keeps its data, and the models that it has. */
  static TestSettings of(Path data, ModelSetting... models) {
    return new TestSettings(data, List.of(models));
  }

  /** Sets how many jobs run at once. */
  TestSettings queue(QueueLimits limits) {
    queue = limits;
    return this;
  }

  /** Lets tags choose the ends of jobs. */
  TestSettings withTestClock() {
    testClock = true;
    return this;
  }

  /** Returns the settings. */
  Settings settings() {
    return new Settings(
        data,
        HostPort.parse("127.0.0.1:0"),
        null,
        new Settings.S3(HostPort.parse("127.0.0.1:0"), null, null, null, null),
        null,
        models,
        null,
        null,
        new LimitsSetting(InputLimits.OPEN),
        new Settings.Queue(queue),
        null,
        null,
        null,
        testClock,
        null,
        null,
        null,
        null,
        null);
  }
}
