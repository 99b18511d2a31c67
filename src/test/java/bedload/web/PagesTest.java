package bedload.web;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.RunningService;
import bedload.ServiceClients;
import bedload.SettingsReader;
import bedload.Wiring;
import bedload.database.TestCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The pages over HTTP, of a whole service, as a browser asks for them. */
class PagesTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path data;
  private static Wiring wiring;
  private static RunningService service;
  private static HttpClient http;
  private static BedrockClient bedrock;
  private static int jobs;

  private String cookie = "";

  @BeforeAll
  static void start() throws IOException {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
    TestCluster.copyWithProgramsTo(data);
    wiring =
        Wiring.start(
            SettingsReader.read(
                null,
                Map.of(),
                Map.of(
                    "data", data.toString(), "listen", "127.0.0.1:0", "s3.listen", "127.0.0.1:0")));
    service = wiring.service();
    http = HttpClient.newHttpClient();
    bedrock = ServiceClients.bedrock(service);
    try (S3Client s3 = ServiceClients.s3(service)) {
      s3.createBucket(request -> request.bucket("pages"));
      s3.putObject(
          request -> request.bucket("pages").key("long.jsonl"),
          RequestBody.fromString("{\"modelInput\":{\"inputText\":\"sentence\"}}\n".repeat(20_000)));
      s3.putObject(
          request -> request.bucket("pages").key("mixed.jsonl"),
          RequestBody.fromString(
              """
              {"modelInput":{"inputText":"good"}}
              {"modelInput":{"no":"text"}}
              {"modelInput":{"none":"either"}}
              """));
    }
  }

  @AfterAll
  static void stop() {
    bedrock.close();
    wiring.close();
    http.close();
  }

  @BeforeEach
  void logIn() throws Exception {
    HttpResponse<String> entered = post("/login", "link=" + link());
    assertThat(entered.statusCode()).isEqualTo(303);
    cookie = entered.headers().firstValue("Set-Cookie").orElseThrow();
  }

  private static String link() {
    String url =
        LoginLinks.make(
            service.api(),
            service.account(),
            service.secretAccessKey(),
            Instant.now(),
            new Random());
    return url.substring(url.indexOf('=') + 1);
  }

  /** Returns the id of a job that runs for a while. */
  private static String createJob() {
    return createJob("long.jsonl");
  }

  private static String createJob(String input) {
    String name = "page-job-" + jobs++;
    String arn =
        bedrock
            .createModelInvocationJob(
                request ->
                    request
                        .jobName(name)
                        .modelId("amazon.titan-embed-text-v2:0")
                        .roleArn("arn:aws:iam::000000000000:role/any")
                        .inputDataConfig(
                            in -> in.s3InputDataConfig(s3 -> s3.s3Uri("s3://pages/" + input)))
                        .outputDataConfig(
                            out -> out.s3OutputDataConfig(s3 -> s3.s3Uri("s3://pages/out/"))))
            .jobArn();
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(service.api() + path))
        .timeout(Duration.ofSeconds(30))
        .header("Accept", "text/html")
        .header("Cookie", cookie.isEmpty() ? "none=1" : cookie.substring(0, cookie.indexOf(';')));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String form) throws Exception {
    return http.send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString());
  }

  private String csrf() throws Exception {
    Matcher field =
        Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"").matcher(get("/schema").body());
    assertThat(field.find()).isTrue();
    return field.group(1);
  }

  private String status(String id) throws Exception {
    return JSON.readTree(get("/jobs/" + id + ".json").body()).path("status").asString("");
  }

  @Test
  void whoIsNotLoggedInSeesHowTo() throws Exception {
    String id = createJob();
    cookie = "";
    for (String path :
        new String[] {
          "/",
          "/jobs",
          "/jobs/" + id,
          "/schema",
          "/sql",
          "/jobs/facets",
          "/jobs.json",
          "/jobs.csv",
          "/sql.csv",
          "/sources.csv",
          "/schema.csv",
          "/events"
        }) {
      HttpResponse<String> refused = get(path);
      assertThat(refused.statusCode()).as(path).isEqualTo(303);
      assertThat(refused.headers().firstValue("Location")).as(path).hasValue("/login");
      assertThat(refused.body()).as(path).doesNotContain(id);
    }
    assertThat(get("/login").body()).contains("bedload page");
    HttpResponse<String> program =
        http.send(
            HttpRequest.newBuilder(URI.create(service.api() + "/jobs.json")).build(),
            BodyHandlers.ofString());
    assertThat(program.statusCode()).isEqualTo(401);
    assertThat(post("/jobs/" + id + "/stop", "csrf=x").statusCode()).isEqualTo(401);
  }

  @Test
  void whatABrowserHasAlreadyIsNotSentAgain() throws Exception {
    URI style = URI.create(service.api() + "/assets/bedload.css");
    HttpResponse<String> first =
        http.send(HttpRequest.newBuilder(style).build(), BodyHandlers.ofString());
    String tag = first.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> second =
        http.send(
            HttpRequest.newBuilder(style).header("If-None-Match", tag).build(),
            BodyHandlers.ofString());

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
  }

  @Test
  void aLinkLogsInOnceAndOnlyByAWrite() throws Exception {
    cookie = "";
    String link = link();

    HttpResponse<String> looked = get("/login?link=" + link);
    assertThat(looked.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(looked.body()).contains("method=\"post\"");
    HttpResponse<String> entered = post("/login", "link=" + link);
    HttpResponse<String> again = post("/login", "link=" + link);

    assertThat(entered.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("HttpOnly", "SameSite=Strict", "Path=/");
    assertThat(again.statusCode()).isEqualTo(403);
    assertThat(again.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/jobs",
        "/jobs/facets",
        "/sql?sql=select+1",
        "/schema",
        "/login",
        "/jobs/aaaaaaaaaaaa"
      })
  void noPageHoldsScriptOrStyleOfItsOwn(String path) throws Exception {
    HttpResponse<String> page = get(path);

    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(page.body())
        .doesNotContainPattern("<script(?! src=\"/assets/)")
        .doesNotContain("style=\"", "<style", "javascript:")
        .doesNotContainPattern(" on[a-z]+=\"");
  }

  @Test
  void jobIsStoppedOnlyByAFormOfTheSession() throws Exception {
    String id = createJob();

    assertThat(post("/jobs/" + id + "/stop", "").statusCode()).isEqualTo(403);
    assertThat(post("/jobs/" + id + "/stop", "csrf=wrong").statusCode()).isEqualTo(403);
    assertThat(get("/jobs/" + id + "/stop").statusCode()).isEqualTo(404);
    assertThat(status(id)).doesNotStartWith("Stopp");

    HttpResponse<String> stopped = post("/jobs/" + id + "/stop", "csrf=" + csrf());
    assertThat(stopped.statusCode()).isEqualTo(303);
    assertThat(status(id)).startsWith("Stopp");
    assertThat(get("/jobs/" + id).body()).contains("Stopp", "?tab=columns", id);
  }

  /** Copying may take hours: the request only asks for it. */
  @Test
  void whatFailedBecomesANewJobThatThePageNames() throws Exception {
    String id = createJob("mixed.jsonl");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(status(id)).isEqualTo("Completed"));
    assertThat(post("/jobs/" + id + "/rerun", "csrf=wrong").statusCode()).isEqualTo(403);

    HttpResponse<String> asked = post("/jobs/" + id + "/rerun", "csrf=" + csrf());

    assertThat(asked.statusCode()).isEqualTo(303);
    assertThat(asked.headers().firstValue("Location")).hasValue("/jobs/" + id);
    Pattern made = Pattern.compile("2 failed records run again as job <a href=\"/jobs/([a-z0-9]+)");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(get("/jobs/" + id).body()).containsPattern(made));
    Matcher job = made.matcher(get("/jobs/" + id).body());
    assertThat(job.find()).isTrue();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(status(job.group(1))).isEqualTo("Completed"));
    JsonNode document = JSON.readTree(get("/jobs/" + job.group(1) + ".json").body());
    assertThat(document.path("totalRecordCount").asInt(0)).isEqualTo(2);
    assertThat(document.path("jobName").asString("")).contains("-retry-");
  }

  @Test
  void jobsAreFoundByNameAndStatus() throws Exception {
    String id = createJob();
    String name = "page-job-" + (jobs - 1);

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(get("/jobs?q=" + name).body()).contains("/jobs/" + id, name));
    assertThat(get("/jobs?q=no-such-job-%3Cb%3E").body())
        .contains("No job fits", "value=\"no-such-job-&lt;b&gt;\"");
    assertThat(get("/jobs?q=" + name + "+status:Expired").body()).doesNotContain(id);
    JsonNode found = JSON.readTree(get("/jobs.json?q=" + name).body());
    assertThat(found.path("rows").path(0).path("job_name").asString("")).isEqualTo(name);
    assertThat(get("/jobs?after=nonsense/nonsense").statusCode()).isEqualTo(200);
    assertThat(get("/jobs?q=status:(").body()).contains("role=\"alert\"", "status:(");
    assertThat(get("/jobs.csv?q=" + name).body()).startsWith("account_id,").contains(name);
    assertThat(get("/sources.csv").body()).startsWith("account_id,region,").contains("us-east-1");
    assertThat(get("/schema.csv").body())
        .startsWith("table_name,")
        .contains("\naws_bedrock_model_invocation_job,job_arn,");
    assertThat(get("/jobs/facets?q=" + name).body()).contains("Status");
    assertThat(get("/").body()).contains("Running", "Failed in the last 24 hours");
    assertThat(post("/jobs/" + id + "/stop", "csrf=" + csrf()).statusCode()).isEqualTo(303);
  }

  @Test
  void aQuestionHasAnAddressAndFilesOfItsAnswer() throws Exception {
    String sql = "/sql?sql=select+%27%3Cb%3E%27+as+word,+null+as+nothing";
    assertThat(get(sql).body()).contains("&lt;b&gt;", "1 row in", "/sql.csv?sql=");
    assertThat(get(sql.replace("/sql?", "/sql.csv?")).body()).isEqualTo("word,nothing\r\n<b>,\r\n");
    assertThat(
            JSON.readTree(get(sql.replace("/sql?", "/sql.json?")).body())
                .path("row_count")
                .asInt(0))
        .isEqualTo(1);
    assertThat(get("/sql?sql=delete+from+aws_bedrock_model_invocation_job").body())
        .contains("role=\"alert\"");
    assertThat(get("/sql/words.json").body())
        .contains("\"aws_bedrock_model_invocation_job\"", "\"job_name\"");
  }

  @Test
  void questionsAreKeptAndRemovedByFormsOfTheSessionOnly() throws Exception {
    String form = "name=%3Cmine%3E&sql=select+1+as+kept";
    assertThat(post("/sql/save", form).statusCode()).isEqualTo(403);
    assertThat(post("/sql/save", form + "&csrf=" + csrf()).statusCode()).isEqualTo(303);
    assertThat(get("/sql").body()).contains("&lt;mine&gt;", "/sql?sql=select+1+as+kept");
    assertThat(post("/sql/save", "name=x&sql=delete&csrf=" + csrf()).statusCode()).isEqualTo(400);
    assertThat(post("/sql/forget", "name=%3Cmine%3E&csrf=" + csrf()).statusCode()).isEqualTo(303);
    assertThat(get("/sql").body()).doesNotContain("&lt;mine&gt;");
  }

  @Test
  void anArnLeadsToTheJobsPageAndElsewhereToItsRow() throws Exception {
    String id = createJob();
    String arn = JSON.readTree(get("/jobs/" + id + ".json").body()).get("jobArn").asString();
    String collected = arn.replace("us-east-1", "eu-west-1");

    HttpResponse<String> own = get("/jobs/" + arn);
    assertThat(own.statusCode()).isEqualTo(303);
    assertThat(own.headers().firstValue("Location").orElseThrow()).endsWith("/jobs/" + id);
    assertThat(get("/jobs/" + arn + ".json").headers().firstValue("Location").orElseThrow())
        .endsWith("/jobs/" + id + ".json");
    assertThat(get("/jobs/" + collected + ".json").headers().firstValue("Location").orElseThrow())
        .contains("/sql.json?sql=select")
        .contains("eu-west-1");
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    assertThat(get("/jobs/aaaaaaaaaaaa").statusCode()).isEqualTo(404);
    assertThat(get("/jobs/<script>".replace("<", "%3C").replace(">", "%3E")).statusCode())
        .isEqualTo(404);
    assertThat(post("/jobs/aaaaaaaaaaaa/stop", "csrf=" + csrf()).statusCode()).isEqualTo(404);
  }

  @Test
  void openPageLearnsOfANewJob() throws Exception {
    HttpResponse<InputStream> events =
        http.send(request("/events").build(), BodyHandlers.ofInputStream());
    assertThat(events.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).startsWith("retry:");
      String id = createJob();
      assertThat(lines.lines().anyMatch("data: changed"::equals)).isTrue();
      assertThat(post("/jobs/" + id + "/stop", "csrf=" + csrf()).statusCode()).isEqualTo(303);
    }
  }

  @Test
  void whoLogsOutIsOut() throws Exception {
    assertThat(post("/logout", "csrf=" + csrf()).statusCode()).isEqualTo(303);
    assertThat(get("/jobs").headers().firstValue("Location")).hasValue("/login");
  }

  @Test
  void machinesAskForHealthAndFigures() throws Exception {
    cookie = "";
    assertThat(get("/healthz").body()).contains("alive");
    assertThat(get("/readyz").body()).contains("\"ready\"");
    assertThat(get("/metrics").body())
        .contains("bedload_jobs{status=\"Completed\"}", "bedload_records_total")
        .contains("bedload_model_limit{model=\"amazon.titan-embed-text-v2:0\"}")
        .contains("bedload_http_requests_seconds_count{door=\"page\",method=\"GET\"");
    HttpResponse<String> proxied =
        http.send(
            request("/metrics").header("X-Forwarded-For", "203.0.113.9").build(),
            BodyHandlers.ofString());
    assertThat(proxied.statusCode()).isEqualTo(401);
    assertThat(proxied.body()).doesNotContain("bedload_jobs");
  }
}
