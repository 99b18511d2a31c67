package bedload.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bedrock's ListModelInvocationJobs over jobs that are made up from their number: the oldest first,
 * a minute apart, all of them ended. It takes no time for a page but what the caller says.
 */
final class ListServer implements AutoCloseable {
  private static final Instant FIRST_JOB = Instant.parse("2025-01-01T00:00:00Z");
  private static final String OPERATION = "/model-invocation-jobs";
  private static final int NOT_FOUND = 404;

  private final String account;
  private final String region;
  private final Duration pageTime;
  private final AtomicInteger jobs = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Opens it on a free port of this machine.
   *
   * @param pageTime how long it thinks before it gives a page
   */
  ListServer(String account, String region, int jobs, Duration pageTime) throws IOException {
    this.account = account;
    this.region = region;
    this.pageTime = pageTime;
    this.jobs.set(jobs);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Submits so many jobs more. */
  void add(int more) {
    jobs.addAndGet(more);
  }

  /** Returns how many pages were asked for. */
  int calls() {
    return calls.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(OPERATION)) {
        exchange.sendResponseHeaders(NOT_FOUND, -1);
        return;
      }
      calls.incrementAndGet();
      Thread.sleep(pageTime);
      byte[] page = page(members(exchange.getRequestURI())).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, page.length);
      exchange.getResponseBody().write(page);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> members(URI uri) {
    Map<String, String> members = new HashMap<>();
    if (uri.getQuery() != null) {
      for (String pair : uri.getQuery().split("&")) {
        String[] parts = pair.split("=", 2);
        members.put(parts[0], parts.length == 2 ? parts[1] : "");
      }
    }
    return members;
  }

  private String page(Map<String, String> members) {
    int first = 0;
    if (members.containsKey("nextToken")) {
      first = Integer.parseInt(members.get("nextToken"));
    } else if (members.containsKey("submitTimeAfter")) {
      Duration since = Duration.between(FIRST_JOB, Instant.parse(members.get("submitTimeAfter")));
      first = (int) Math.max(0, since.toMinutes() + 1);
    }
    int end = Math.min(jobs.get(), first + Integer.parseInt(members.get("maxResults")));
    StringBuilder page = new StringBuilder("{\"invocationJobSummaries\":[");
    for (int job = first; job < end; job++) {
      page.append(job == first ? "" : ",").append(job(job));
    }
    page.append(']');
    if (end < jobs.get()) {
      page.append(",\"nextToken\":\"").append(end).append('"');
    }
    return page.append('}').toString();
  }

  private String job(int number) {
    Instant submitted = FIRST_JOB.plus(Duration.ofMinutes(number));
    return """
        {"jobArn":"arn:aws:bedrock:%1$s:%2$s:model-invocation-job/%3$012x","jobName":"nightly-%3$d",\
        "modelId":"arn:aws:bedrock:%1$s::foundation-model/amazon.titan-embed-text-v2:0",\
        "clientRequestToken":"token-%3$d","roleArn":"arn:aws:iam::%2$s:role/batch","status":"Completed",\
        "submitTime":"%4$s","lastModifiedTime":"%5$s","endTime":"%5$s",\
        "inputDataConfig":{"s3InputDataConfig":{"s3InputFormat":"JSONL","s3Uri":"s3://bucket/in/%3$d.jsonl"}},\
        "outputDataConfig":{"s3OutputDataConfig":{"s3Uri":"s3://bucket/out/"}},\
        "timeoutDurationInHours":24,"jobExpirationTime":"%6$s"}"""
        .formatted(
            region,
            account,
            number,
            submitted,
            submitted.plus(Duration.ofMinutes(10)),
            submitted.plus(Duration.ofDays(1)));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
