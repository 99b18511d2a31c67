package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.ClassArchive;
import bedload.DebianPostgres;
import bedload.Needs;
import bedload.database.DatabaseAddress;
import bedload.model.TestModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process dies right after each durable step, the first, a middle and the last time that it is
 * taken, some of them again on the way back, and the next start goes on: over the database that the
 * service brings along and over an operator's. The judge knows what the model server noted, what
 * lies in the output and what the ledger says to users; nothing of the engine.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashPointsTest {
  /** Side by side: while one process waits for its model, its disk or its turn, another runs. */
  private static final int LANES_A_DATABASE = 2;

  private static final Path REPORT = Path.of("target", "crash-points.md");

  /** A case over one kind of database; what came of it is there once its lane has been there. */
  record Planned(CrashCase wanted, String where, int number, CompletableFuture<CrashVerdict> came) {
    @Override
    public String toString() {
      return where + " database: " + wanted;
    }
  }

  @TempDir static Path folder;
  private final List<Planned> planned = new ArrayList<>();
  private final List<CrashLane> lanes = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Map<CrashPoint, Integer> passed = Map.of();
  private TestModelServer modelServer;
  private @Nullable DebianPostgres postgres;

  CrashPointsTest() {
    plan("embedded", CrashCase.ofOneNode());
    plan("external", CrashCase.ofOneNode());
    plan("external", CrashCase.ofSeveralNodes());
  }

  private void plan(String where, List<CrashCase> cases) {
    for (CrashCase wanted : cases) {
      planned.add(new Planned(wanted, where, planned.size(), new CompletableFuture<>()));
    }
  }

  Stream<Planned> planned() {
    return planned.stream();
  }

  @BeforeAll
  void start() throws Exception {
    Path programs = Needs.present("a PostgreSQL server", DebianPostgres.programs());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path calls = folder.resolve("calls.log");
    modelServer =
        TestModelServer.start(
            call ->
                new TestModelServer.Behaviour.Answer(
                    new SplittableRandom(call.number()).nextLong(10, 31)),
            calls);
    ClassArchive classes = ClassArchive.in(folder);
    postgres = DebianPostgres.start(programs, folder.resolve("pg"));
    DatabaseAddress server = DatabaseAddress.parse(postgres.url());
    for (int i = 0; i < LANES_A_DATABASE; i++) {
      String name = "crash_" + i;
      create(server, name);
      lanes.add(CrashLane.external(ground("external-" + i, classes, calls), server.at(name)));
    }
    passed = lanes.getFirst().rehearse();
    for (int i = 0; i < LANES_A_DATABASE; i++) {
      lanes.add(CrashLane.embedded(ground("embedded-" + i, classes, calls)));
    }
    Queue<Planned> external = queue("external");
    Queue<Planned> embedded = queue("embedded");
    for (int i = 0; i < lanes.size(); i++) {
      CrashLane lane = lanes.get(i);
      Queue<Planned> queue = i < LANES_A_DATABASE ? external : embedded;
      threads.execute(() -> drive(lane, queue));
    }
  }

  private static void create(DatabaseAddress server, String name) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
  }

  private CrashLane.Ground ground(String name, ClassArchive classes, Path calls) {
    return new CrashLane.Ground(folder.resolve(name), classes, modelServer.url(), calls);
  }

  private Queue<Planned> queue(String where) {
    return planned.stream()
        .filter(one -> one.where().equals(where))
        .collect(Collectors.toCollection(ConcurrentLinkedQueue::new));
  }

  private static void drive(CrashLane lane, Queue<Planned> queue) {
    Planned next;
    while ((next = queue.poll()) != null) {
      next.came().complete(lane.run(next.wanted(), next.number()));
    }
  }

  @AfterAll
  void stop() throws Exception {
    report();
    planned.forEach(one -> one.came().cancel(false));
    threads.shutdownNow();
    threads.awaitTermination(1, TimeUnit.MINUTES);
    for (CrashLane lane : lanes) {
      lane.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    if (modelServer != null) {
      modelServer.close();
    }
  }

  @ParameterizedTest
  @MethodSource("planned")
  void aDeathAfterADurableStepLosesNothingAndDoublesNothing(Planned planned) throws Exception {
    CrashVerdict verdict = planned.came().get(Duration.ofMinutes(20).toSeconds(), TimeUnit.SECONDS);

    assertThat(verdict.hung()).isEmpty();
    assertThat(verdict.row()).isEqualTo(verdict.wantedRow());
    assertThat(verdict.audit().lost()).isZero();
    assertThat(verdict.audit().doubled()).isZero();
    assertThat(verdict.audit().wrong()).isZero();
    assertThat(verdict.audit().repeats()).isLessThanOrEqualTo(verdict.mostRepeats());
  }

  @Test
  void everyPointHasItsDeathOverEachKindOfDatabase() {
    for (String where : List.of("embedded", "external")) {
      Set<CrashPoint> without = EnumSet.allOf(CrashPoint.class);
      planned.stream()
          .filter(one -> one.where().equals(where))
          .map(Planned::wanted)
          .forEach(one -> without.remove(one.point()));
      if (where.equals("embedded")) {
        // Nobody but the node itself is there to take over.
        without.remove(CrashPoint.TAKEN_OVER);
      }
      assertThat(without).as("%s database", where).isEmpty();
    }
  }

  /** The cases name hits by number; this is what makes them the first, a middle and the last. */
  @Test
  void aJobPassesEachPointAsOftenAsTheCasesSuppose() {
    Map<CrashPoint, Integer> supposed = new LinkedHashMap<>();
    for (Planned one : planned) {
      CrashTrap first = one.wanted().deaths().getFirst();
      if (one.wanted().deaths().size() == 1 && one.wanted().kind() == CrashCase.Kind.PLAIN) {
        supposed.merge(first.point(), first.hit(), Math::max);
      }
    }
    // As often as there is something to bring to the disk: three times at least, one for each.
    assertThat(passed.get(CrashPoint.JOURNAL_FORCED)).isGreaterThanOrEqualTo(CrashCase.INPUTS);
    supposed.remove(CrashPoint.JOURNAL_FORCED);

    supposed.forEach((point, hits) -> assertThat(passed).containsEntry(point, hits));
  }

  private void report() throws IOException {
    String report = CrashReport.of(planned.stream().flatMap(CrashPointsTest::verdict).toList());
    Files.writeString(REPORT, report);
    System.out.println(report);
  }

  private static Stream<CrashVerdict> verdict(Planned planned) {
    return planned.came().isDone() && !planned.came().isCompletedExceptionally()
        ? Stream.of(planned.came().join())
        : Stream.empty();
  }
}
