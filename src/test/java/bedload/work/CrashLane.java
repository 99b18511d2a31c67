package bedload.work;

import bedload.CallAudit;
import bedload.ChildProcess;
import bedload.ClassArchive;
import bedload.ServiceProcess;
import bedload.database.Database;
import bedload.database.DatabaseAddress;
import bedload.database.EmbeddedPostgres;
import bedload.database.TestDatabase;
import bedload.job.JobId;
import bedload.job.JobSpec;
import bedload.ledger.Books;
import bedload.ledger.JobSpecs;
import bedload.ledger.SubmitResult;
import bedload.object.EmbeddedS3;
import bedload.object.ObjectStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * One database, one S3 and one node after another that dies over them. The process that goes on
 * with one case's job is the one that dies in the next: so a death costs one start.
 */
final class CrashLane implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final String BUCKET = "crash";

  /** A line with so much in it makes a segment that a store takes as a part. */
  private static final int WORTH_COPYING_BYTES = 5 << 20;

  /** No other node is to be missed: none may take a slow start for a death. */
  private static final String SLOW_HEART = "5000";

  private static final String FAST_HEART = "500";

  /**
   * What a lane stands on.
   *
   * @param calls the model server's own log
   */
  record Ground(Path folder, ClassArchive classes, URI model, Path calls) {}

  private final Ground ground;
  private final String database;
  private final String s3;
  private final Runnable outside;
  private int names;
  private @Nullable Life life;

  private CrashLane(Ground ground, String database, String s3, Runnable outside) {
    this.ground = ground;
    this.database = database;
    this.s3 = s3;
    this.outside = outside;
  }

  /** A node that brings a database and an S3 along, as the service does where nobody has any. */
  static CrashLane embedded(Ground ground) throws IOException {
    Files.createDirectories(ground.folder());
    try (EmbeddedPostgres server = TestDatabase.startServer(ground.folder());
        Database first = Database.open(server.address(), 2);
        EmbeddedS3 s3 = s3(first, ground.folder());
        ObjectStores stores = stores(s3.endpoint())) {
      stores.client(TestNode.ACCOUNT).createBucket(bucket -> bucket.bucket(BUCKET));
    }
    return new CrashLane(ground, ground.folder().toString(), "own", () -> {});
  }

  /** A node over a database, empty until now, and an S3 that outlive it. */
  static CrashLane external(Ground ground, DatabaseAddress address) throws IOException {
    Files.createDirectories(ground.folder());
    Database database = Database.open(address, 8);
    EmbeddedS3 s3 = s3(database, ground.folder());
    try (ObjectStores stores = stores(s3.endpoint())) {
      stores.client(TestNode.ACCOUNT).createBucket(bucket -> bucket.bucket(BUCKET));
    }
    return new CrashLane(
        ground,
        address.url(),
        s3.endpoint().toString(),
        () -> {
          s3.close();
          database.close();
        });
  }

  private static EmbeddedS3 s3(Database database, Path folder) throws IOException {
    return EmbeddedS3.start(
        "127.0.0.1", 0, List.of(), database, folder.resolve("objects"), DyingNode::key);
  }

  private static ObjectStores stores(URI s3) {
    return new ObjectStores(
        s3,
        TestNode.REGION,
        account ->
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(TestNode.KEY_ID, TestNode.SECRET)));
  }

  String s3() {
    return s3;
  }

  private boolean isEmbedded() {
    return s3.equals("own");
  }

  /** A process that lives, and the ways to its database and its S3. */
  record Life(
      ChildProcess process, Database database, Books books, Connection sql, ObjectStores stores) {
    S3Client client() {
      return stores.client(TestNode.ACCOUNT);
    }

    void close() {
      try {
        sql.close();
      } catch (SQLException e) {
        // Its server may be dead.
      }
      database.close();
      stores.close();
      process.close();
    }
  }

  private ChildProcess start(@Nullable CrashTrap trap, String heart) throws IOException {
    return ChildProcess.startListening(
        ground.folder().resolve("errors.log"),
        ground.classes().command(DyingNode.class.getName(), arguments(trap, heart)));
  }

  private List<String> arguments(@Nullable CrashTrap trap, String heart) {
    return List.of(
        database,
        s3,
        ground.model().toString(),
        ground.folder().resolve("node").toString(),
        "node-" + names,
        heart,
        trap == null ? "none" : trap.toString());
  }

  Life live(ChildProcess process) throws InterruptedException, SQLException {
    String[] ready = process.awaitLine(line -> line.startsWith("ready ")).split(" ");
    DatabaseAddress address = DatabaseAddress.parse(ready[1]);
    Database opened = Database.connect(address, 2);
    return new Life(
        process,
        opened,
        Books.open(opened.jdbi(), InstantSource.system(), RandomGenerator.getDefault()),
        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password()),
        stores(URI.create(ready[2])));
  }

  /**
   * Lets a job run through, and leaves the archive of classes behind.
   *
   * @return how often each point was passed
   */
  Map<CrashPoint, Integer> rehearse() throws Exception {
    Life rehearsal =
        live(
            ChildProcess.startListening(
                ground.folder().resolve("errors.log"),
                ground.classes().training(DyingNode.class.getName(), arguments(null, SLOW_HEART))));
    try {
      rehearsal.process().tell("count");
      JobId job = submit(rehearsal, -1, CrashCase.Kind.PLAIN);
      awaitSwept(rehearsal, job, CrashCase.Kind.PLAIN);
      rehearsal.process().tell("counts");
      String counts = rehearsal.process().awaitLine(line -> line.startsWith("counts "));
      rehearsal.process().tell("end");
      rehearsal.process().awaitExit();
      return counts(counts);
    } finally {
      rehearsal.close();
    }
  }

  private static Map<CrashPoint, Integer> counts(String line) {
    Map<CrashPoint, Integer> counts = new HashMap<>();
    for (String entry : line.substring("counts {".length(), line.length() - 1).split(", ")) {
      String[] parts = entry.split("=");
      counts.put(CrashPoint.valueOf(parts[0]), Integer.valueOf(parts[1]));
    }
    return counts;
  }

  /**
   * Takes a job along its way and judges what came of it.
   *
   * @param number of the case; no two bear the same
   */
  CrashVerdict run(CrashCase wanted, int number) {
    String where = isEmbedded() ? "embedded" : "external";
    try {
      JobId job = die(wanted, number);
      Life alive = live(start(null, wanted.movesOn() ? FAST_HEART : SLOW_HEART));
      life = alive;
      try {
        awaitSwept(alive, job, wanted.kind());
      } catch (ConditionTimeoutException e) {
        closeLife();
        return CrashVerdict.hung(wanted, where, String.valueOf(e.getMessage()));
      }
      CrashVerdict verdict = judge(alive, wanted, number, job, where);
      if (wanted.movesOn()) {
        closeLife();
      }
      return verdict;
    } catch (Exception e) {
      closeLife();
      return CrashVerdict.hung(wanted, where, e.toString());
    }
  }

  private JobId die(CrashCase wanted, int number) throws Exception {
    Life first = life == null ? live(start(null, SLOW_HEART)) : life;
    life = first;
    CrashTrap trap = wanted.deaths().getFirst();
    first.process().tell(trap.toString());
    first.process().awaitLine(line -> line.equals("done " + trap));
    JobId job = submit(first, number, wanted.kind());
    awaitDeath(first.process(), trap, number);
    closeLife();
    for (CrashTrap next : wanted.deaths().subList(1, wanted.deaths().size())) {
      names += wanted.movesOn() ? 1 : 0;
      try (ChildProcess dying = start(next, wanted.movesOn() ? FAST_HEART : SLOW_HEART)) {
        awaitDeath(dying, next, number);
      }
    }
    return job;
  }

  private void awaitDeath(ChildProcess process, CrashTrap trap, int number)
      throws InterruptedException, IOException {
    int status = process.awaitExit();
    if (status != CrashTrap.DEAD) {
      throw new IllegalStateException("It ended with " + status + " instead of dying at " + trap);
    }
    if (isEmbedded() && number % 2 == 1) {
      // Half of all embedded databases outlive their service, and half die with it.
      ServiceProcess.killDatabase(ground.folder());
    }
  }

  static JobId submit(Life life, int number, CrashCase.Kind kind) {
    String folder = "in/case-" + number + "/";
    for (int i = 0; i < CrashCase.INPUTS; i++) {
      String key = folder + i + ".jsonl";
      String lines = lines(kind, number, i);
      life.client().putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromString(lines));
    }
    JobSpec plain =
        JobSpecs.of("case-" + number, null, "acme.chat", "s3://crash/" + folder, "s3://crash/out/");
    JobSpec spec = JobSpecs.tagged(plain, kind.tags());
    return ((SubmitResult.Submitted)
            life.books().ledger().submit(TestNode.ACCOUNT, TestNode.REGION, spec))
        .job()
        .id();
  }

  private static int firstRecord(int number) {
    return (number + 1) * CrashCase.RECORDS;
  }

  private static String lines(CrashCase.Kind kind, int number, int input) {
    return switch (kind) {
      case PLAIN, EXPIRES, HALFWAY -> records(number, input);
      case LARGE ->
          CallAudit.chatRecord(
              CallAudit.id(firstRecord(number) + input), "x".repeat(WORTH_COPYING_BYTES));
      case WRONG_LINE -> "{\"recordId\":";
    };
  }

  private static String records(int number, int input) {
    int first = firstRecord(number) + input * CrashCase.RECORDS_PER_INPUT;
    return IntStream.range(first, first + CrashCase.RECORDS_PER_INPUT)
        .mapToObj(CallAudit::id)
        .map(CallAudit::chatRecord)
        .collect(Collectors.joining());
  }

  /** Waits until the job has ended and nothing is left that only a running job needs. */
  void awaitSwept(Life alive, JobId job, CrashCase.Kind kind) {
    // Outputs and a manifest, or nothing at all.
    int objects = kind.answered == 0 ? 0 : CrashCase.INPUTS + 1;
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(LOOK_EVERY)
        .until(
            () ->
                isSwept(alive, job)
                    && outputs(alive, job).size() == objects
                    && !isUploading(alive)
                    && !Files.exists(ground.folder().resolve("node/journal/" + job)));
  }

  private static boolean isSwept(Life alive, JobId job) throws SQLException {
    try (PreparedStatement question =
        alive
            .sql()
            .prepareStatement(
                """
                select ended_at is not null or status in ('Failed', 'Expired', 'Stopped'),
                       (select count(*) from ledger.shard where job_id = job.id)
                  from ledger.job
                 where id = ?
                """)) {
      question.setString(1, job.value());
      try (ResultSet row = question.executeQuery()) {
        return row.next() && row.getBoolean(1) && row.getInt(2) == 0;
      }
    }
  }

  private static List<String> outputs(Life alive, JobId job) {
    return alive
        .client()
        .listObjectsV2(list -> list.bucket(BUCKET).prefix("out/" + job + "/"))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  private static boolean isUploading(Life alive) {
    return !alive.client().listMultipartUploads(list -> list.bucket(BUCKET)).uploads().isEmpty();
  }

  private CrashVerdict judge(Life alive, CrashCase wanted, int number, JobId job, String where)
      throws SQLException, IOException {
    List<String> lines = new ArrayList<>();
    for (String key : outputs(alive, job)) {
      if (key.endsWith(".jsonl.out")) {
        lines.addAll(
            alive
                .client()
                .getObjectAsBytes(get -> get.bucket(BUCKET).key(key))
                .asUtf8String()
                .lines()
                .toList());
      }
    }
    CallAudit audit =
        CallAudit.of(ground.calls(), lines, firstRecord(number), wanted.kind().answered);
    return CrashVerdict.of(wanted, where, audit, row(alive, job));
  }

  /** Returns what the ledger says of a job to its owner. */
  private static String row(Life alive, JobId job) throws SQLException {
    try (PreparedStatement question =
        alive
            .sql()
            .prepareStatement("select status, success, error from ledger.job where id = ?")) {
      question.setString(1, job.value());
      try (ResultSet row = question.executeQuery()) {
        row.next();
        return "%s %d %d".formatted(row.getString(1), row.getInt(2), row.getInt(3));
      }
    }
  }

  private void closeLife() {
    if (life != null) {
      life.close();
      life = null;
    }
  }

  @Override
  public void close() {
    closeLife();
    try {
      if (isEmbedded()) {
        ServiceProcess.killDatabase(ground.folder());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    outside.run();
  }
}
