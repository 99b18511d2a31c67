package bedload.web.page;

import bedload.job.Job;
import bedload.ledger.PaceLog;
import bedload.ledger.RecordErrors;
import bedload.object.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** One of the views of a job. */
public sealed interface JobTab {
  /** Which views there are. */
  enum Name {
    PACE("Over time"),
    ERRORS("Errors"),
    USAGE("Usage"),
    OUTPUT("Output"),
    COLUMNS("Columns"),
    HISTORY("History"),
    JSON("JSON");

    private final String label;

    Name(String label) {
      this.label = label;
    }

    /** Returns what stands in the address. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    String label() {
      return label;
    }

    /** Returns the view of a word; that of the pace for any other. */
    public static Name ofWord(String word) {
      for (Name name : values()) {
        if (name.word().equals(word)) {
          return name;
        }
      }
      return PACE;
    }
  }

  /** Returns which one it is. */
  Name name();

  /** Returns its part of the page. */
  Html html(Instant now);

  /** How fast it went, and with how many calls at once. */
  record Pace(Job job, List<PaceLog.Point> points) implements JobTab {
    @Override
    public Name name() {
      return Name.PACE;
    }

    @Override
    public Html html(Instant now) {
      return PaceCurves.html(points);
    }
  }

  /**
   * Why records failed.
   *
   * @param byCode how many, exactly
   * @param samples a few of each code
   */
  record Errors(Job job, SortedMap<Integer, Long> byCode, List<RecordErrors.FailedRecord> samples)
      implements JobTab {
    @Override
    public Name name() {
      return Name.ERRORS;
    }

    @Override
    public Html html(Instant now) {
      if (byCode.isEmpty()) {
        return Html.of("<p class=\"quiet\">No record has failed.</p>");
      }
      return Html.of(
          """
          {}
          <h2>Samples</h2>
          <table class="fields samples"><thead><tr><th scope="col">Code</th><th scope="col">Record</th><th scope="col">Line</th><th scope="col">What was said</th></tr></thead><tbody>{}</tbody></table>
          <p><a href="/sql?sql={}">All that are kept, as SQL</a></p>
          """,
          new Bars(
                  "Error code",
                  "Records",
                  byCode.entrySet().stream()
                      .map(
                          each ->
                              new Bars.Bar(
                                  Html.of("{}", String.valueOf(each.getKey())), each.getValue()))
                      .toList())
              .html(),
          Html.join(samples.stream().map(Errors::row).toList()),
          SqlPage.encoded(
              "select *\n  from aws_bedrock_model_invocation_job_errors\n where job_arn = '%s'\n order by uri, line"
                  .formatted(job.arn())));
    }

    private static Html row(RecordErrors.FailedRecord record) {
      return Html.of(
          "<tr><th scope=\"row\">{}</th><td data-label=\"record\">{}</td><td data-label=\"line\">{}</td><td>{}</td></tr>",
          String.valueOf(record.code()),
          Html.foreign(record.recordId()),
          Texts.number(record.line()),
          Html.foreign(SqlPage.shortened(record.message())));
    }
  }

  /** The row of a table of the catalog, each value with what its column means. */
  record Row(Name name, List<Value> values) implements JobTab {
    /**
     * A column's value.
     *
     * @param description empty if nobody said what it means
     */
    public record Value(String column, String value, String description) {}

    @Override
    public Html html(Instant now) {
      return Html.of(
          "<table class=\"fields described\"><thead><tr><th scope=\"col\">Column</th><th scope=\"col\">Value</th><th scope=\"col\">What it means</th></tr></thead><tbody>{}</tbody></table>",
          Html.join(
              values.stream()
                  .map(
                      each ->
                          Html.of(
                              "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"quiet\">{}</td></tr>",
                              each.column(),
                              each.value().isEmpty()
                                  ? Html.of("<span class=\"quiet\">null</span>")
                                  : Html.foreign(SqlPage.shortened(each.value())),
                              each.description()))
                  .toList()));
    }
  }

  /** The objects that it wrote. */
  record Output(Job job, List<StoredObject> objects) implements JobTab {
    @Override
    public Name name() {
      return Name.OUTPUT;
    }

    @Override
    public Html html(Instant now) {
      String folder = job.outputFolder().asPrefix();
      return Html.of(
          "<p>Below <code>{}</code>:</p>{}",
          job.outputFolder(),
          objects.isEmpty()
              ? Html.of(
                  "<p class=\"quiet\">Nothing yet: outputs are there when the job has ended.</p>")
              : Html.of(
                  "<table class=\"fields\"><thead><tr><th scope=\"col\">Object</th><th scope=\"col\" class=\"number\">Bytes</th></tr></thead><tbody>{}</tbody></table>",
                  Html.join(
                      objects.stream()
                          .map(
                              object ->
                                  Html.of(
                                      "<tr><th scope=\"row\"><a href=\"{}/output?name={}\" download>{}</a></th><td class=\"number\">{}</td></tr>",
                                      Texts.link(job),
                                      SqlPage.encoded(
                                          object.uri().key().substring(folder.length())),
                                      Html.foreign(object.uri().key().substring(folder.length())),
                                      Texts.number(object.sizeBytes())))
                          .toList())));
    }
  }

  /** Every version of its row, each with what was otherwise in the one before. */
  record History(List<Version> versions) implements JobTab {
    /** A version. */
    public record Version(String revision, Instant since, List<Change> changes) {
      public Version {
        changes = List.copyOf(changes);
      }
    }

    /** A value that is no longer what it was. */
    public record Change(String field, String old, String changed) {}

    @Override
    public Name name() {
      return Name.HISTORY;
    }

    @Override
    public Html html(Instant now) {
      return Html.of(
          "<ol class=\"versions\">{}</ol>",
          Html.join(
              versions.stream()
                  .map(
                      version ->
                          Html.of(
                              "<li><strong>Version {}</strong> {}{}</li>",
                              version.revision(),
                              Texts.age(version.since(), now),
                              version.changes().isEmpty()
                                  ? Html.NOTHING
                                  : Html.of(
                                      "<table class=\"diff\"><thead><tr><th scope=\"col\">Column</th><th scope=\"col\">Before</th><th scope=\"col\">Since</th></tr></thead><tbody>{}</tbody></table>",
                                      Html.join(
                                          version.changes().stream().map(History::row).toList()))))
                  .toList()));
    }

    private static Html row(Change change) {
      return Html.of(
          "<tr><th scope=\"row\">{}</th><td><del>{}</del></td><td><ins>{}</ins></td></tr>",
          change.field(),
          Html.foreign(SqlPage.shortened(change.old())),
          Html.foreign(SqlPage.shortened(change.changed())));
    }
  }

  /** All that the API says of it. */
  record Json(String link, String text) implements JobTab {
    @Override
    public Name name() {
      return Name.JSON;
    }

    @Override
    public Html html(Instant now) {
      return Html.of(
          "<p><a href=\"{}.json\">As a file</a></p><pre tabindex=\"0\"><code>{}</code></pre>",
          link,
          text);
    }
  }

  /** What could not be found out, and why. */
  record Missing(Name name, String sentence) implements JobTab {
    @Override
    public Html html(Instant now) {
      return Html.of("<p class=\"message\">{}</p>", Html.foreign(sentence));
    }
  }
}
