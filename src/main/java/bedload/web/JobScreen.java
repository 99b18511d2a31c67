package bedload.web;

import bedload.catalog.QuestionFault;
import bedload.catalog.ReadingDesk;
import bedload.job.AccountId;
import bedload.job.Arns;
import bedload.job.Job;
import bedload.job.JobDocument;
import bedload.job.JobId;
import bedload.ledger.Ledger;
import bedload.ledger.Overview;
import bedload.ledger.PaceLog;
import bedload.ledger.QueuePlaces;
import bedload.ledger.RecordErrors;
import bedload.ledger.Reruns;
import bedload.ledger.StopResult;
import bedload.object.ObjectStoreException;
import bedload.web.page.JobPage;
import bedload.web.page.JobTab;
import bedload.web.query.Asker;
import bedload.wire.WireJson;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.InputStream;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** One job of this service, and what can be done to it. */
final class JobScreen {
  private static final int SAMPLES_OF_A_CODE = 5;
  private static final int MOST_ROWS = 1_000;

  private static final String ROW =
      """
      select *
        from aws_bedrock_model_invocation_job
       where job_arn = $1
      """;

  private static final String USAGE =
      """
      select started_at, total_record_count, success_record_count, error_record_count, remaining_record_count,
             input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, input_price, output_price, cost
        from aws_bedrock_model_invocation_job_usage
       where job_arn = $1
      """;

  private static final String MEANINGS =
      """
      select column_name, description
        from catalog.columns
       where table_name = $1
      """;

  private static final String VERSIONS =
      """
      select revision, valid_from
        from aws_bedrock_model_invocation_job_history
       where job_arn = $1
       order by revision desc
      """;

  private static final String CHANGES =
      """
      select later.revision, field, old, new
        from aws_bedrock_model_invocation_job_history as earlier
        join aws_bedrock_model_invocation_job_history as later
          on later.job_arn = earlier.job_arn and later.revision = earlier.revision + 1
       cross join catalog.difference(earlier, later)
       where earlier.job_arn = $1
      """;

  /**
   * What is read of a job.
   *
   * @param whyWindow says for a bare model id why as many calls are in flight as are
   */
  record Books(
      Ledger ledger,
      Overview overview,
      QueuePlaces queuePlaces,
      RecordErrors errors,
      PaceLog pace,
      ReadingDesk desk,
      Reruns reruns,
      Function<String, Optional<String>> whyWindow) {}

  private final Books books;
  private final JobFiles files;
  private final String region;
  private final InstantSource clock;

  JobScreen(Books books, JobFiles files, String region, InstantSource clock) {
    this.books = books;
    this.files = files;
    this.region = region;
    this.clock = clock;
  }

  void addTo(JavalinConfig config, Doorkeeper door) {
    config.routes.get("/jobs/{id}", door.reading(this::page));
    config.routes.get("/jobs/{id}/output", door.reading(this::download));
    config.routes.post("/jobs/{id}/stop", door.writing(this::stop));
    config.routes.post("/jobs/{id}/rerun", door.writing(this::rerun));
  }

  private void page(Context context, Session session) {
    String name = context.pathParam("id");
    boolean isJson = name.endsWith(".json");
    Optional<Job> found = find(session, isJson ? name.substring(0, name.length() - 5) : name);
    if (found.isEmpty()) {
      notFound(context, session);
    } else if (isJson) {
      context.json(JobDocument.of(found.get()));
    } else {
      show(context, session, found.get());
    }
  }

  private void show(Context context, Session session, Job job) {
    List<PaceLog.Point> points = books.pace().points(job.id());
    JobTab.Name name = JobTab.Name.ofWord(Requests.query(context, "tab"));
    String why =
        job.status().isFinal()
            ? ""
            : books.whyWindow().apply(Arns.bareModelId(job.spec().modelId())).orElse("");
    JobPage page =
        new JobPage(
            job,
            books.overview().steps(job.id()),
            job.status().isFinal() ? null : books.queuePlaces().of(job.id()).orElse(null),
            points,
            why,
            job.status().isFinal() ? books.reruns().find(job.id()).orElse(null) : null,
            tab(name, session, job, points));
    Doorkeeper.html(context, page.html(Requests.layout(session), clock.instant()).toString());
  }

  private JobTab tab(JobTab.Name name, Session session, Job job, List<PaceLog.Point> points) {
    try {
      return switch (name) {
        case PACE -> new JobTab.Pace(job, points);
        case ERRORS -> errors(job);
        case USAGE -> row(name, session, job, USAGE, "aws_bedrock_model_invocation_job_usage");
        case COLUMNS -> row(name, session, job, ROW, Pages.JOBS);
        case OUTPUT ->
            new JobTab.Output(job, job.status().isFinal() ? files.outputs(job) : List.of());
        case HISTORY -> history(session, job);
        case JSON ->
            new JobTab.Json(
                "/jobs/" + job.id(),
                WireJson.MAPPER
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(JobDocument.of(job)));
      };
    } catch (QuestionFault fault) {
      return new JobTab.Missing(name, fault.sentence());
    } catch (ObjectStoreException e) {
      return new JobTab.Missing(name, String.valueOf(e.getMessage()));
    }
  }

  private JobTab errors(Job job) {
    SortedMap<Integer, Long> byCode = books.errors().byCode(job.id());
    List<RecordErrors.FailedRecord> samples = new ArrayList<>();
    byCode
        .keySet()
        .forEach(
            code ->
                samples.addAll(
                    books.errors().first(job.id(), OptionalInt.of(code), SAMPLES_OF_A_CODE)));
    return new JobTab.Errors(job, byCode, samples);
  }

  private JobTab row(JobTab.Name name, Session session, Job job, String sql, String table) {
    Map<String, String> meanings = new LinkedHashMap<>();
    ask(session, MEANINGS, table)
        .rows()
        .forEach(row -> meanings.put(row.get(0).asString(""), row.get(1).asString("")));
    ReadingDesk.Reply reply = ask(session, sql, job.arn());
    if (reply.rows().isEmpty()) {
      return new JobTab.Missing(name, "The catalog has no row of this job yet.");
    }
    List<JobTab.Row.Value> values = new ArrayList<>();
    for (int i = 0; i < reply.columns().size(); i++) {
      addValues(reply.columns().get(i).name(), reply.rows().getFirst().get(i), meanings, values);
    }
    return new JobTab.Row(name, values);
  }

  private static void addValues(
      String path, JsonNode value, Map<String, String> meanings, List<JobTab.Row.Value> values) {
    if (value.isObject()) {
      value
          .properties()
          .forEach(
              field -> addValues(path + "." + field.getKey(), field.getValue(), meanings, values));
    } else {
      values.add(new JobTab.Row.Value(path, text(value), meanings.getOrDefault(path, "")));
    }
  }

  private JobTab history(Session session, Job job) {
    Map<String, List<JobTab.History.Change>> changes = new LinkedHashMap<>();
    for (List<JsonNode> row : ask(session, CHANGES, job.arn()).rows()) {
      changes
          .computeIfAbsent(text(row.get(0)), revision -> new ArrayList<>())
          .add(new JobTab.History.Change(text(row.get(1)), text(row.get(2)), text(row.get(3))));
    }
    return new JobTab.History(
        ask(session, VERSIONS, job.arn()).rows().stream()
            .map(
                row ->
                    new JobTab.History.Version(
                        text(row.get(0)),
                        OffsetDateTime.parse(text(row.get(1))).toInstant(),
                        changes.getOrDefault(text(row.get(0)), List.of())))
            .toList());
  }

  private static String text(JsonNode value) {
    return value.isNull() ? "" : value.isString() ? value.asString() : value.toString();
  }

  private ReadingDesk.Reply ask(Session session, String sql, String parameter) {
    return new Asker(books.desk(), session.account()).ask(sql, MOST_ROWS, parameter);
  }

  private void download(Context context, Session session) {
    String name = Requests.query(context, "name");
    Optional<InputStream> content =
        find(session, context.pathParam("id")).flatMap(job -> files.open(job, name));
    if (content.isEmpty()) {
      notFound(context, session);
      return;
    }
    String fileName = name.substring(name.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    context
        .header("Content-Disposition", "attachment; filename=\"" + fileName + "\"")
        .contentType("application/jsonl")
        .result(content.get());
  }

  private void stop(Context context, Session session) {
    String id = context.pathParam("id");
    if (!JobId.isValid(id)) {
      notFound(context, session);
      return;
    }
    switch (books.ledger().stop(new AccountId(session.account()), region, new JobId(id))) {
      case StopResult.NotFound _ -> notFound(context, session);
      // Whoever was faster, the page shows how the job ended.
      case StopResult.AlreadyEnded _, StopResult.Stopping _ ->
          Doorkeeper.seeOther(context, "/jobs/" + id);
    }
  }

  /** What failed is copied later: the page shows how far that is, and then the new job. */
  private void rerun(Context context, Session session) {
    Optional<Job> job = find(session, context.pathParam("id"));
    if (job.isEmpty() || !job.get().status().isFinal()) {
      notFound(context, session);
      return;
    }
    books.reruns().ask(job.get().id());
    Doorkeeper.seeOther(context, "/jobs/" + job.get().id());
  }

  private Optional<Job> find(Session session, String id) {
    return JobId.isValid(id)
        ? books.ledger().find(new AccountId(session.account()), region, new JobId(id))
        : Optional.empty();
  }

  private static void notFound(Context context, Session session) {
    context.status(HttpStatus.NOT_FOUND);
    Doorkeeper.html(
        context,
        Requests.layout(session)
            .refusal("Your account has no such job in this region.")
            .toString());
  }
}
