package bedload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import bedload.model.TestModelServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise of the whole: kill it at any moment, start it again, and nothing is lost, doubled or
 * hung, and hardly anything is paid for anew.
 */
@Tag("slow")
class KillTest {
  private static final int LANES = 2;
  private static final int KILLS_PER_LANE = 15;
  private static final int KILLS = LANES * KILLS_PER_LANE;

  private static final int IN_FLIGHT = 20;
  private static final int LEAST_MILLIS = 200;
  private static final int MOST_MILLIS = 600;

  /** More than are called until the last kill. */
  private static final int RECORDS = 1_200;

  /** A kill comes within so long after the first call of a start. */
  private static final int LATEST_MILLIS = 1_500;

  /** Each so-and-so-manieth kill strikes the embedded database, too. */
  private static final int KILLS_PER_DATABASE_KILL = 5;

  /**
   * How many finished calls a kill may repeat on average. They are answers of the last moment,
   * which is the longer the longer a thread waits for a processor: beyond this load it says
   * nothing.
   */
  private static final int REPEATS_PER_KILL = 5;

  private static final int MOST_LOAD_PER_PROCESSOR = 3;

  @TempDir Path folder;

  @Test
  void thirtyKillsAtRandomMomentsLoseNothingAndRepeatHardlyAnything() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    ClassArchive classes = ClassArchive.in(folder);
    train(classes);
    long seed = System.nanoTime();
    System.out.println("kills at the moments of seed " + seed);
    List<Future<CallAudit>> lanes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = 0; number < LANES; number++) {
        Lane lane =
            new Lane(
                folder.resolve("lane-" + number),
                classes,
                RandomGeneratorFactory.getDefault().create(seed + number));
        lanes.add(threads.submit(lane::run));
      }
    }
    int finishedRepeats = 0;
    for (Future<CallAudit> lane : lanes) {
      CallAudit audit = lane.get();
      System.out.printf("%d kills of %d records: %s%n", KILLS_PER_LANE, RECORDS, audit);
      assertThat(audit.lost()).isZero();
      assertThat(audit.doubled()).isZero();
      assertThat(audit.wrong()).isZero();
      // Whatever left flight before a kill had reached the journal.
      assertThat(audit.repeats()).isLessThanOrEqualTo(KILLS_PER_LANE * IN_FLIGHT);
      finishedRepeats += audit.finishedRepeats();
    }
    double load =
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()
            / Runtime.getRuntime().availableProcessors();
    System.out.printf(
        "%d kills in %d s: %.1f answered calls a kill made again, at a load of %.1f a processor%n",
        KILLS,
        Duration.ofNanos(System.nanoTime() - seed).toSeconds(),
        (double) finishedRepeats / KILLS,
        load);
    assumeThat(load).isLessThan(MOST_LOAD_PER_PROCESSOR);
    assertThat(finishedRepeats)
        .as("answered calls that were made again")
        .isLessThanOrEqualTo(KILLS * REPEATS_PER_KILL);
  }

  /** Lets a first service, which ends in order, leave the archive that the others start from. */
  private void train(ClassArchive classes) throws IOException, InterruptedException {
    try (TestModelServer server = TestModelServer.start();
        ServiceProcess service =
            ServiceProcess.startAs(
                command -> classes.training("bedload.Bedload", command),
                folder.resolve("training"),
                folder.resolve("training.log"),
                "--config",
                ServiceProcess.settings(folder.resolve("training.yaml"), server.url(), IN_FLIGHT)
                    .toString())) {
      ChatJob.submit(service, 10).awaitCompleted(service);
    }
  }

  /** A service of its own with a job of its own, that is killed again and again. */
  private static final class Lane {
    private final Path folder;
    private final ClassArchive classes;
    private final RandomGenerator random;
    private @Nullable ChatJob job;

    Lane(Path folder, ClassArchive classes, RandomGenerator random) {
      this.folder = folder;
      this.classes = classes;
      this.random = random;
    }

    CallAudit run() throws IOException, InterruptedException {
      Files.createDirectories(folder);
      Path serverLog = folder.resolve("calls.log");
      try (TestModelServer server = TestModelServer.start(_ -> answer(), serverLog)) {
        String settings =
            ServiceProcess.settings(folder.resolve("bedload.yaml"), server.url(), IN_FLIGHT)
                .toString();
        for (int kill = 0; kill < KILLS_PER_LANE; kill++) {
          strike(server, settings, kill);
        }
        assertThat(server.answered()).as("answers before the last kill").isLessThan(RECORDS);
        try (ServiceProcess last = start(settings)) {
          job().awaitCompleted(last);
          return CallAudit.of(serverLog, job().output(last), 0, RECORDS);
        }
      }
    }

    private TestModelServer.Behaviour answer() {
      synchronized (random) {
        return new TestModelServer.Behaviour.Answer(random.nextLong(LEAST_MILLIS, MOST_MILLIS));
      }
    }

    private ServiceProcess start(String settings) throws IOException, InterruptedException {
      return ServiceProcess.startAs(
          command -> classes.command("bedload.Bedload", command),
          folder.resolve("data"),
          folder.resolve("errors.log"),
          "--config",
          settings);
    }

    private void strike(TestModelServer server, String settings, int kill)
        throws IOException, InterruptedException {
      long before = server.received();
      ServiceProcess service = start(settings);
      if (job == null) {
        job = ChatJob.submit(service, RECORDS);
      }
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> server.received() > before);
      int pause;
      synchronized (random) {
        pause = random.nextInt(LATEST_MILLIS);
      }
      Thread.sleep(pause);
      if (kill % KILLS_PER_DATABASE_KILL == KILLS_PER_DATABASE_KILL - 1) {
        service.killTree();
      } else {
        // The database stays behind, and the next start finds it.
        service.kill();
      }
    }

    private ChatJob job() {
      return Objects.requireNonNull(job);
    }
  }
}
