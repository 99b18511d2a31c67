package bedload;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The whole service in a process of its own, with its embedded database; can be killed like a power
 * cut.
 */
public final class ServiceProcess implements AutoCloseable {
  private final Path data;
  private final ChildProcess process;
  private final RunningService service;

  private ServiceProcess(Path data, ChildProcess process) {
    this.data = data;
    this.process = process;
    this.service = RunningService.find(data);
  }

  /** Starts the service and waits for its ready line. */
  public static ServiceProcess start(Path data, Path errors, String... options)
      throws IOException, InterruptedException {
    return startWith(List.of(), data, errors, options);
  }

  /**
   * Writes settings with one model, acme.chat, and returns the file.
   *
   * @param server where the model is called tiny
   * @param mostInFlight calls to it at once
   */
  static Path settings(Path file, URI server, int mostInFlight) throws IOException {
    return Files.writeString(
        file,
        """
        models:
          - id: acme.chat
            url: %s
            served: tiny
            family: openai-chat
            max-in-flight: %d
        """
            .formatted(server, mostInFlight));
  }

  /** As {@link #start}, with further options of the JVM. */
  public static ServiceProcess startWith(
      List<String> ofJvm, Path data, Path errors, String... options)
      throws IOException, InterruptedException {
    return startIn(Map.of(), ofJvm, data, errors, options);
  }

  /** As {@link #startWith}, with further variables in its environment. */
  static ServiceProcess startIn(
      Map<String, String> environment,
      List<String> ofJvm,
      Path data,
      Path errors,
      String... options)
      throws IOException, InterruptedException {
    return ready(
        data,
        ChildProcess.startIn(
            environment,
            ofJvm,
            errors,
            "bedload.Bedload",
            arguments(data, options).toArray(String[]::new)));
  }

  /**
   * As {@link #start}, by a command of the caller's.
   *
   * @param command makes it of the arguments of {@code bedload}
   */
  static ServiceProcess startAs(
      UnaryOperator<List<String>> command, Path data, Path errors, String... options)
      throws IOException, InterruptedException {
    return ready(data, ChildProcess.start(errors, command.apply(arguments(data, options))));
  }

  private static List<String> arguments(Path data, String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("serve", "--data", data.toString()));
    arguments.addAll(List.of("--listen", "127.0.0.1:0", "--s3-listen", "127.0.0.1:0"));
    arguments.addAll(List.of(options));
    return arguments;
  }

  private static ServiceProcess ready(Path data, ChildProcess process) throws InterruptedException {
    process.awaitLine(line -> line.startsWith("bedload ready: "));
    return new ServiceProcess(data, process);
  }

  /** Returns where the service is and how to speak to it. */
  public RunningService service() {
    return service;
  }

  /** Returns a client of the service. */
  public BedrockClient bedrock() {
    return BedrockClient.builder()
        .endpointOverride(URI.create(service.api()))
        .region(Region.of(service.region()))
        .credentialsProvider(keys())
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  /** Waits until a job is Completed. */
  void awaitCompleted(String arn, Duration patience) {
    try (BedrockClient bedrock = bedrock()) {
      Awaitility.await()
          .atMost(patience)
          .pollInterval(Duration.ofMillis(200))
          .until(
              () ->
                  bedrock
                      .getModelInvocationJob(get -> get.jobIdentifier(arn))
                      .statusAsString()
                      .equals("Completed"));
    }
  }

  /** Returns a client of its object store. */
  public S3Client s3() {
    return S3Client.builder()
        .endpointOverride(URI.create(service.s3()))
        .forcePathStyle(true)
        .region(Region.of(service.region()))
        .credentialsProvider(keys())
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  private StaticCredentialsProvider keys() {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(service.accessKeyId(), service.secretAccessKey()));
  }

  /**
   * Kills the service, the database server and all processes of it, none of which hears it coming.
   */
  public void killTree() throws IOException {
    List<ProcessHandle> database = databaseOf(data);
    process.kill();
    kill(database);
  }

  /** Kills the first process of the database server alone; the others have to see it. */
  void killPostmaster() throws IOException {
    kill(databaseOf(data).subList(0, 1));
  }

  /** Kills the database server of a data directory and all processes of it. */
  public static void killDatabase(Path data) throws IOException {
    kill(databaseOf(data));
  }

  private static void kill(List<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle handle : processes) {
      handle.onExit().join();
    }
  }

  private static List<ProcessHandle> databaseOf(Path data) throws IOException {
    List<ProcessHandle> database = new ArrayList<>();
    ProcessHandle.of(postmaster(data))
        // The number of one that is dead already may be that of any process by now.
        .filter(handle -> handle.info().command().orElse("").endsWith("postgres"))
        .ifPresent(
            handle -> {
              database.add(handle);
              handle.descendants().forEach(database::add);
            });
    return database;
  }

  private static long postmaster(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("postgres"))) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().equals("postmaster.pid"))
              .findFirst()
              .orElseThrow();
      return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    }
  }

  /** Kills the service alone. */
  public void kill() {
    process.kill();
  }

  /** Sends a signal by its name. */
  public void signal(String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("kill -" + name + " ended with " + status);
    }
  }

  /** Sends SIGTERM and returns the exit code. */
  public int terminate() {
    return process.terminate();
  }

  @Override
  public void close() {
    process.terminate();
  }
}
