package bedload.command;

import bedload.CommandFault;
import bedload.RunningService;
import bedload.job.S3Uri;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.BedrockClientBuilder;
import software.amazon.awssdk.services.bedrock.model.BedrockException;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsRequest;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What a user's program does: AWS's own SDK, pointed at another endpoint. Everything goes over
 * HTTP, signed. Not thread-safe.
 */
final class BatchClient implements AutoCloseable {
  private static final String BEDROCK_URL = "AWS_ENDPOINT_URL_BEDROCK";
  private static final String S3_URL = "AWS_ENDPOINT_URL_S3";
  private static final String ANY_URL = "AWS_ENDPOINT_URL";
  private static final int LARGEST_PAGE = 1000;

  /** A question of the catalog has 30 seconds, and may wait for others before. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(45);

  private final AnswersOnWire answers = new AnswersOnWire();
  private final SdkHttpClient http =
      UrlConnectionHttpClient.builder().socketTimeout(LONGEST_ANSWER).build();
  private final Supplier<S3Client> s3Maker;
  private final BedrockClient bedrock;

  /** Made when it is wanted: most commands ask Bedrock's API alone, and a client takes a while. */
  private @Nullable S3Client s3;

  private BatchClient(Consumer<S3ClientBuilder> toS3, Consumer<BedrockClientBuilder> toBedrock) {
    s3Maker =
        () -> {
          S3ClientBuilder s3Builder =
              S3Client.builder()
                  .httpClient(http)
                  .overrideConfiguration(
                      settings -> settings.addExecutionInterceptor(new Unanswered()));
          toS3.accept(s3Builder);
          return s3Builder.build();
        };
    BedrockClientBuilder bedrockBuilder =
        BedrockClient.builder()
            .httpClient(http)
            .overrideConfiguration(
                settings ->
                    settings
                        .addExecutionInterceptor(answers)
                        .addExecutionInterceptor(new Unanswered())
                        .addExecutionInterceptor(new CatalogCalls()));
    toBedrock.accept(bedrockBuilder);
    bedrock = bedrockBuilder.build();
  }

  /** Says whether AWS's variables name an endpoint; without one a call would go to AWS itself. */
  static boolean isNamedBy(Map<String, String> environment) {
    return environment.containsKey(BEDROCK_URL) || environment.containsKey(ANY_URL);
  }

  /** Returns a client of what AWS's own variables and files name, as every SDK reads them. */
  static BatchClient ofEnvironment(Map<String, String> environment) {
    boolean isOwnS3 = environment.containsKey(S3_URL) || environment.containsKey(ANY_URL);
    return new BatchClient(s3 -> s3.forcePathStyle(isOwnS3), bedrock -> {});
  }

  /** Returns a client of a service on this machine. */
  static BatchClient of(RunningService service) {
    AwsCredentialsProvider keys =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(service.accessKeyId(), service.secretAccessKey()));
    Region region = Region.of(service.region());
    return new BatchClient(
        s3 ->
            s3.endpointOverride(URI.create(service.s3()))
                .forcePathStyle(true)
                .credentialsProvider(keys)
                .region(region),
        bedrock ->
            bedrock
                .endpointOverride(URI.create(service.api()))
                .credentialsProvider(keys)
                .region(region));
  }

  private S3Client s3() {
    if (s3 == null) {
      s3 = s3Maker.get();
    }
    return s3;
  }

  /** Makes the bucket unless the caller has it already. */
  void createBucket(String name) {
    try {
      s3().createBucket(request -> request.bucket(name));
    } catch (BucketAlreadyOwnedByYouException e) {
      // An earlier command made it.
    }
  }

  void put(S3Uri object, Path file) {
    s3().putObject(
            request -> request.bucket(object.bucket()).key(object.key()),
            RequestBody.fromFile(file));
  }

  /** As {@link #put(S3Uri, Path)}, for a file that takes its time. */
  void put(S3Uri object, Path file, WaitLine wait) throws IOException {
    ContentStreamProvider content =
        () -> {
          wait.at(0); // A call that is tried again begins anew.
          try {
            return wait.counting(Files.newInputStream(file));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    s3().putObject(
            request -> request.bucket(object.bucket()).key(object.key()),
            RequestBody.fromContentProvider(content, Files.size(file), "application/jsonl"));
  }

  /** Returns the object's content, to be closed by the caller. */
  InputStream read(S3Uri object) {
    return s3().getObject(request -> request.bucket(object.bucket()).key(object.key()));
  }

  /** Returns the objects below a folder, in the order of their keys. */
  List<S3Uri> objects(S3Uri folder) {
    return s3()
        .listObjectsV2Paginator(
            request -> request.bucket(folder.bucket()).prefix(folder.asPrefix()))
        .contents()
        .stream()
        .map(S3Object::key)
        .map(key -> new S3Uri(folder.bucket(), key))
        .toList();
  }

  /** What a new job is made of; the timeout is null for the service's default. */
  record NewJob(
      String name,
      String modelId,
      String roleArn,
      S3Uri input,
      S3Uri output,
      @Nullable Integer timeoutHours) {}

  /** Returns the ARN of the new job. */
  String createJob(NewJob job) {
    return bedrock
        .createModelInvocationJob(
            request ->
                request
                    .jobName(job.name())
                    .modelId(job.modelId())
                    .roleArn(job.roleArn())
                    .timeoutDurationInHours(job.timeoutHours())
                    .inputDataConfig(
                        in -> in.s3InputDataConfig(s3In -> s3In.s3Uri(job.input().toString())))
                    .outputDataConfig(
                        out ->
                            out.s3OutputDataConfig(s3Out -> s3Out.s3Uri(job.output().toString()))))
        .jobArn();
  }

  /** Returns the job of an ARN or an id. */
  JobOnWire job(String identifier) {
    bedrock.getModelInvocationJob(request -> request.jobIdentifier(identifier));
    return new JobOnWire(answers.latest());
  }

  /** Returns at most that many jobs that the request asks for, page after page. */
  List<JobOnWire> jobs(ListModelInvocationJobsRequest request, int limit) {
    List<JobOnWire> jobs = new ArrayList<>();
    @Nullable String next = null;
    do {
      ListModelInvocationJobsResponse page =
          bedrock.listModelInvocationJobs(
              request.toBuilder()
                  .maxResults(Math.min(LARGEST_PAGE, limit - jobs.size()))
                  .nextToken(next)
                  .build());
      answers
          .latest()
          .path("invocationJobSummaries")
          .forEach(summary -> jobs.add(new JobOnWire(summary)));
      next = page.nextToken();
    } while (next != null && jobs.size() < limit);
    return List.copyOf(jobs);
  }

  /** Returns what the service's catalog answers to a call that AWS does not have. */
  JsonNode ask(CatalogCalls.Ask ask) {
    bedrock.listModelInvocationJobs(
        request ->
            request.overrideConfiguration(
                settings -> settings.putExecutionAttribute(CatalogCalls.INSTEAD, ask)));
    return answers.latest();
  }

  /**
   * Returns what jobs have used, by their ARNs; nothing of a job that the service does not run
   * itself, and nothing at all where the service has no catalog to ask, as AWS.
   */
  Map<String, UsageOnWire> usage(List<JobOnWire> jobs) {
    Map<String, UsageOnWire> usage = new HashMap<>();
    for (int from = 0; from < jobs.size(); from += LARGEST_PAGE) {
      List<String> arns =
          jobs.subList(from, Math.min(jobs.size(), from + LARGEST_PAGE)).stream()
              .map(JobOnWire::arn)
              .toList();
      rows(UsageOnWire.QUESTION, arns)
          .forEach(
              row -> {
                UsageOnWire one = new UsageOnWire(row);
                usage.put(one.jobArn(), one);
              });
    }
    return usage;
  }

  /** Returns where a job stands, in fields for people; empty if it has ended or nobody knows. */
  Map<String, String> queueFields(JobOnWire job) {
    Iterator<JsonNode> rows =
        job.status().isFinal()
            ? Collections.emptyIterator()
            : rows(QueueOnWire.QUESTION, List.of(job.arn())).iterator();
    return rows.hasNext() ? new QueueOnWire(rows.next()).fields() : Map.of();
  }

  /** Returns what the catalog answers; an empty answer where there is none to ask, as at AWS. */
  private JsonNode rows(String sql, List<String> arns) {
    try {
      return ask(CatalogCalls.question(sql, arns)).path("rows");
    } catch (BedrockException | CommandFault notAsked) {
      return MissingNode.getInstance();
    }
  }

  /** Asks for the job's end; it comes when the calls in flight are back. */
  void stop(String identifier) {
    bedrock.stopModelInvocationJob(request -> request.jobIdentifier(identifier));
  }

  @Override
  public void close() {
    if (s3 != null) {
      s3.close();
    }
    bedrock.close();
    http.close();
  }
}
