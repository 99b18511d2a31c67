package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bedload.ExitCode;
import bedload.ServiceClients;
import bedload.command.ServedCommands.Outcome;
import bedload.job.S3Uri;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The commands that call a service over its API, as a user types them, against a whole service. */
class JobCommandsTest {
  private static final String MODEL = "amazon.titan-embed-text-v2:0";

  private static ServedCommands service;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    service =
        ServedCommands.start(
            """
            log: json
            models:
              - id: %s
                backend: in-process-embedding
                input-price: 0.02
                output-price: 0
              - id: sentence-transformers.all-minilm-l6-v2
                backend: in-process-embedding
            """
                .formatted(MODEL));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static Outcome run(String... args) {
    return service.runHere(args);
  }

  /** Every third record has no text, which the model refuses. */
  private Path input(String name, int records) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < records; i++) {
      String member = i % 3 == 2 ? "\"number\": 1.50e2" : "\"inputText\": \"sentence\"";
      lines.append("{\"recordId\": \"r%03d\", \"modelInput\": {%s}}\n".formatted(i, member));
    }
    return Files.writeString(folder.resolve(name), lines);
  }

  @Test
  void runTakesAFileToItsResults() throws IOException {
    Path results = folder.resolve("results");

    Outcome run =
        run(
            "run",
            input("my input.jsonl", 30).toString(),
            "--model",
            MODEL,
            "--output",
            results.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("Put 30 records", "Completed", "10 records failed");
    assertThat(run.out().lines().toList())
        .containsExactlyInAnyOrder(
            results.resolve("manifest.json.out").toString(),
            results.resolve("my-input.jsonl.out").toString());
    assertThat(Files.readAllLines(results.resolve("my-input.jsonl.out"))).hasSize(30);
    assertThat(Files.readString(results.resolve("manifest.json.out")))
        .contains("\"totalRecordCount\":30");
    try (var files = Files.list(results)) {
      assertThat(files.toList()).as("nothing half-written is left").hasSize(2);
    }
  }

  @Test
  void badFileIsRefusedBeforeAnythingIsUploaded() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.jsonl"), "{\"modelInput\":{}}\n[1]\n");

    Outcome run = run("run", bad.toString(), "--model", MODEL, "--bucket", "never-made");

    assertThat(run.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(run.err()).contains("line 2", "bedload validate").doesNotContain("\tat ");
  }

  @Test
  void unknownModelIsTheServicesAnswer() throws IOException {
    Outcome run = run("run", input("a.jsonl", 3).toString(), "--model", "nobody.knows");

    assertThat(run.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(run.err()).contains("nobody.knows", "ValidationException").doesNotContain("\tat ");
  }

  @Test
  void errorsAreGroupedAndRetryMakesAJobOfOnlyThem() throws IOException {
    Outcome first =
        run(
            "run",
            input("failing.jsonl", 30).toString(),
            "--model",
            MODEL,
            "--output",
            folder.resolve("out").toString());
    String arn = first.arn();

    Outcome errors = run("errors", arn);
    JsonNode groups = run("errors", arn, "--json").json();
    assertThat(errors.out()).contains("400  10 records", "r002: ", "10 records failed");
    assertThat(groups.path("errorRecordCount").asInt(0)).isEqualTo(10);
    assertThat(groups.path("errors").get(0).path("errorCode").asInt(0)).isEqualTo(400);

    Outcome retry = run("retry", arn);
    assertThat(retry.exitCode()).as(retry.err()).isZero();
    String again = retry.out().strip();
    assertThat(again).startsWith("arn:aws:bedrock:").isNotEqualTo(arn);
    Outcome ended = run("job", again, "--wait", "--json");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.json().path("totalRecordCount").asInt(0)).isEqualTo(10);
    assertThat(ended.json().path("errorRecordCount").asInt(0)).isEqualTo(10);
    assertThat(ended.json().path("jobName").asString("")).contains("-retry-");
    assertThat(run("errors", again).out()).contains("r002: ");

    deleteOutputs(again);
    Outcome gone = run("errors", again);
    assertThat(gone.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(gone.out()).as("not that nothing failed").isEmpty();
    assertThat(gone.err()).contains("has processed 10 records, but there is no output below s3://");
  }

  private static void deleteOutputs(String arn) {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    try (S3Client s3 = ServiceClients.s3(service.wiring().service())) {
      String bucket = "bedload-run";
      s3.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
          .map(S3Object::key)
          .filter(key -> key.contains("/" + id + "/"))
          .forEach(key -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
    }
  }

  @Test
  void retryWithoutAFailureSaysSo() throws IOException {
    Path good =
        Files.writeString(
            folder.resolve("good.jsonl"), "{\"modelInput\":{\"inputText\":\"well\"}}\n");
    String arn =
        run("run", good.toString(), "--model", MODEL, "--output", folder.resolve("o").toString())
            .arn();

    Outcome retry = run("retry", arn);

    assertThat(retry.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(retry.out()).isEmpty();
    assertThat(retry.err()).contains("nothing to retry");
  }

  @Test
  void jobsAreListedFilteredAndAsJson() throws IOException {
    run(
        "run",
        input("listed.jsonl", 6).toString(),
        "--model",
        MODEL,
        "--name",
        "listed-one",
        "--output",
        folder.resolve("l").toString());

    assertThat(run("jobs", "--name", "listed-one", "--status", "completed", "--since", "1h").out())
        .contains("submitted", "Completed", "listed-one", "6 of 6", "(1 row)");
    assertThat(run("jobs", "--name", "listed-one", "--status", "Failed").out())
        .contains("(0 rows)");
    assertThat(run("jobs", "--name", "listed-one", "--json").json().path("jobName").asString(""))
        .isEqualTo("listed-one");
    assertThat(run("jobs", "--limit", "1").out()).contains("(1 row)");
    assertThat(run("jobs", "--status", "Sleeping").exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run("jobs", "--since", "yesterday").err()).contains("90m, 2h, 7d");
  }

  /** The catalog's own language finds the same jobs, in the same shape. */
  @Test
  void jobsAreFoundByASearchOfTheCatalog() throws IOException {
    String arn =
        run(
                "run",
                input("searched.jsonl", 6).toString(),
                "--model",
                MODEL,
                "--name",
                "searched-one",
                "--output",
                folder.resolve("f").toString())
            .arn();
    List<String> search = List.of("jobs", "status:(Failed OR Completed)", "model:*titan*");

    await().until(() -> run("jobs", "searched-one", "--json").out().contains("\"Completed\""));
    Outcome table = run(search.get(0), search.get(1), search.get(2), "--name", "searched");
    JsonNode found = run("jobs", "searched-one", "--since", "1h", "--json").json();
    JsonNode listed = run("jobs", "--name", "searched-one", "--json").json();

    assertThat(table.out()).contains("searched-one", "6 of 6", "(1 row)");
    assertThat(found.path("jobArn").asString("")).isEqualTo(arn);
    listed.properties().stream()
        // The one member of the API that the documented table has no column for.
        .filter(member -> !member.getKey().equals("modelInvocationType"))
        .forEach(
            member ->
                assertThat(found.path(member.getKey()))
                    .as(member.getKey())
                    .isEqualTo(member.getValue()));
    assertThat(run("jobs", "searched-one", "-status:Completed").exitCode())
        .as("an option that is none")
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(run("jobs", "status:(").exitCode()).isEqualTo(ExitCode.NO.number());
  }

  @Test
  void whoseWaitWasCutShortHearsHowToGoOn() {
    StringWriter err = new StringWriter();

    JobWatch.tellHowToGoOn(
        new PrintWriter(err),
        "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/abcdefghij12");

    assertThat(err.toString())
        .contains(
            "The job goes on", "bedload job abcdefghij12 --wait", "bedload stop abcdefghij12");
  }

  /** What a run leaves undone when it is cut short, {@code job} makes up for. */
  @Test
  void theResultsOfAnEndedJobAreFetched() throws IOException {
    Path first = folder.resolve("first");
    Path again = folder.resolve("again");
    String arn =
        run(
                "run",
                input("fetched.jsonl", 6).toString(),
                "--model",
                MODEL,
                "--output",
                first.toString())
            .arn();

    Outcome job = run("job", arn, "--wait", "--output", again.toString());

    assertThat(job.exitCode()).as(job.err()).isZero();
    assertThat(again.resolve("fetched.jsonl.out"))
        .hasSameTextualContentAs(first.resolve("fetched.jsonl.out"));
  }

  @Test
  void whatAJobUsedAndCostIsShownAndUnknownWherePricesAre() throws IOException {
    String priced = arnOfRun("paid-for", MODEL);
    String unpriced = arnOfRun("for-nothing", "sentence-transformers.all-minilm-l6-v2");

    JsonNode usage = run("job", priced, "--json").json().path("usage");
    long tokens = usage.path("inputTokens").longValue();
    assertThat(tokens).isPositive();
    assertThat(usage.path("outputTokens").longValue()).isZero();
    assertThat(usage.path("cacheReadTokens").isNull()).isTrue();
    assertThat(usage.path("cost").decimalValue())
        .isEqualByComparingTo(new BigDecimal("0.00000002").multiply(BigDecimal.valueOf(tokens)));
    assertThat(run("job", priced).out())
        .contains("tokens     %d in, 0 out".formatted(tokens), "cost       0.0000");
    assertThat(run("jobs", "--name", "paid-for", "--json").json().path("usage")).isEqualTo(usage);

    JsonNode free = run("job", unpriced, "--json").json().path("usage");
    assertThat(free.path("inputTokens").longValue()).isEqualTo(tokens);
    assertThat(free.path("cost").isNull()).isTrue();
    assertThat(run("job", unpriced).out()).doesNotContain("cost");
  }

  private String arnOfRun(String name, String model) throws IOException {
    String output = folder.resolve(name).toString();
    Path input = input(name + ".jsonl", 3);
    return run("run", input.toString(), "--model", model, "--name", name, "--output", output).arn();
  }

  @Test
  void theLogInJsonTellsAJobsStory() throws IOException {
    String arn =
        run(
                "run",
                input("logged.jsonl", 6).toString(),
                "--model",
                MODEL,
                "--output",
                folder.resolve("g").toString())
            .arn();

    // The last line is written when the end is known already.
    await()
        .untilAsserted(
            () ->
                assertThat(story(arn))
                    .extracting(event -> event.path("formattedMessage").asString(""))
                    .containsSubsequence(
                        "Job " + arn + " is valid: 1 shards", "Job " + arn + ": shard 0 is claimed")
                    .contains("Job " + arn + ": shard 0 is over")
                    .contains("Job " + arn + " is Completed: 4 records answered, 2 failed"));
    assertThat(story(arn))
        .allSatisfy(
            event ->
                assertThat(event.path("mdc").path("account").asString(""))
                    .isEqualTo("000000000000"))
        .anyMatch(event -> event.path("mdc").path("shard").asString("").equals("0"));
  }

  private static List<JsonNode> story(String arn) throws IOException {
    return Files.readAllLines(service.data().resolve("logs/bedload.log")).stream()
        .map(line -> JsonMapper.shared().readTree(line))
        .filter(event -> event.path("mdc").path("job").asString("").equals(arn))
        .toList();
  }

  private static final Pattern METRIC = Pattern.compile("\\b(bedload|jvm|process)_[a-z_]+");
  private static final Path DEPLOY = Path.of("deploy");

  /** A dashboard or an alert over a name that nobody writes would be silent for ever. */
  @Test
  void dashboardAndAlertsAskOnlyForWhatARunningServiceTells() throws Exception {
    run(
        "run",
        input("measured.jsonl", 6).toString(),
        "--model",
        MODEL,
        "--output",
        folder.resolve("m").toString());
    List<String> questions = new ArrayList<>();
    JsonNode board = JsonMapper.shared().readTree(DEPLOY.resolve("grafana-bedload.json").toFile());
    board
        .findValues("expr")
        .forEach(expression -> questions.add(expression.asString("").replace("$instance", "")));
    JsonNode rules = new YAMLMapper().readTree(DEPLOY.resolve("prometheus-rules.yml").toFile());
    rules
        .path("groups")
        .path(0)
        .path("rules")
        .forEach(
            rule -> {
              assertThat(rule.path("alert").asString("")).startsWith("Bedload");
              assertThat(rule.path("annotations").propertyNames())
                  .contains("summary", "description");
              questions.add(rule.path("expr").asString(""));
            });

    HttpResponse<String> told;
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI metrics = URI.create(service.wiring().service().api() + "/metrics");
      told = client.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString());
    }
    Set<String> names =
        told.body()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("[{ ]", 2)[0])
            .collect(Collectors.toSet());

    assertThat(questions).hasSizeGreaterThan(20);
    assertThat(questions.stream().flatMap(question -> METRIC.matcher(question).results()))
        .extracting(MatchResult::group)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(names).contains(name));
    String answers = "bedload_model_call_seconds_count{model=\"" + MODEL + "\",reply=\"answer\"} ";
    assertThat(told.body()).contains(answers).doesNotContain(answers + "0\n");
  }

  @Test
  void endedJobCannotBeStopped() throws IOException {
    String arn =
        run(
                "run",
                input("short.jsonl", 3).toString(),
                "--model",
                MODEL,
                "--output",
                folder.resolve("s").toString())
            .arn();

    Outcome stop = run("stop", arn);

    assertThat(stop.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(stop.err()).contains("Completed").doesNotContain("\tat ");
  }

  @Test
  void aJobIsStoppedAndSeenToItsEnd() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines.append("{\"modelInput\":{\"inputText\":\"sentence ").append(i).append("\"}}\n");
    }
    Path long20 = Files.writeString(folder.resolve("long.jsonl"), lines);
    String arn;
    try (BatchClient client = BatchClient.of(service.wiring().service())) {
      client.createBucket("stopped");
      S3Uri object = S3Uri.parse("s3://stopped/in/long.jsonl");
      client.put(object, long20);
      arn =
          client.createJob(
              new BatchClient.NewJob(
                  "stopped",
                  MODEL,
                  "arn:aws:iam::000000000000:role/any",
                  object,
                  S3Uri.parse("s3://stopped/out/"),
                  null));
    }

    assertThat(run("errors", arn).err()).contains("--wait");
    Outcome stop = run("stop", arn);
    Outcome end = run("job", arn, "--wait");

    assertThat(stop.exitCode()).as(stop.err()).isZero();
    assertThat(stop.out()).contains("Stopp");
    assertThat(end.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(end.out()).contains("status     Stopped");
  }

  @Test
  void whatIsNoJobIsTheServicesAnswer() {
    Outcome job =
        run("job", "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/aaaaaaaaaaaa");
    assertThat(job.exitCode()).isEqualTo(ExitCode.NO.number());
    assertThat(job.err()).contains("ResourceNotFoundException");
    Outcome none = run("job", "no job");
    assertThat(none.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(none.err()).contains("twelve letters", "bedload jobs");
  }
}
