package bedload.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobId;
import bedload.job.JobSpec;
import bedload.job.JobStatus;
import bedload.job.ModelInvocationType;
import bedload.job.RecordCounts;
import bedload.job.S3Uri;
import bedload.ledger.Overview;
import bedload.ledger.PaceLog;
import bedload.ledger.QueuePlace;
import bedload.ledger.Reruns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobPageTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final Layout LAYOUT = new Layout("000000000000", "token");

  private static Job job(String name, JobStatus status, @Nullable String message) {
    AccountId account = new AccountId("000000000000");
    return new Job(
        new JobId("abcdefghij12"),
        account,
        "us-east-1",
        new JobSpec(
            name,
            "arn:aws:iam::000000000000:role/any",
            "acme.model",
            ModelInvocationType.INVOKE_MODEL,
            new JobSpec.Input(S3Uri.parse("s3://b/in.jsonl"), null, account),
            new JobSpec.Output(S3Uri.parse("s3://b/out/"), null, account),
            null,
            null,
            Duration.ofHours(24),
            Map.of()),
        status,
        message,
        NOON,
        NOON,
        status.isFinal() ? NOON.plusSeconds(90) : null,
        new RecordCounts(100, 40, 2));
  }

  @Test
  void recordsThatNobodyHasCountedAreNotNought() {
    Job counted = job("new", JobStatus.VALIDATING, null);
    Job fresh =
        new Job(
            counted.id(),
            counted.account(),
            counted.region(),
            counted.spec(),
            counted.status(),
            null,
            NOON,
            NOON,
            null,
            RecordCounts.NONE);

    assertThat(html(fresh)).contains("not counted yet").doesNotContain("<dd>0</dd>", "0 of 0");
    assertThat(html(counted)).contains("42 of 100").doesNotContain("not counted");
  }

  private static String html(Job job) {
    return html(job, null, null);
  }

  private static String html(Job job, Reruns.@Nullable Rerun rerun) {
    return html(job, null, rerun);
  }

  private static String html(Job job, @Nullable QueuePlace place) {
    return html(job, place, null);
  }

  private static String html(Job job, @Nullable QueuePlace place, Reruns.@Nullable Rerun rerun) {
    List<Overview.Step> steps =
        List.of(
            new Overview.Step(JobStatus.SUBMITTED, NOON, null),
            new Overview.Step(job.status(), NOON.plusSeconds(65), job.message()));
    return new JobPage(
            job,
            steps,
            place,
            List.of(new PaceLog.Point(NOON, 3, 0, new PaceLog.InFlight(7, 9))),
            "9 at once: <b>more</b> of them have got more done so far",
            rerun,
            new JobTab.Json("/jobs/abcdefghij12", "{\"a\":\"</code><script>\"}"))
        .html(LAYOUT, NOON.plusSeconds(120))
        .toString();
  }

  @Test
  void whatOthersWroteIsShownAsText() {
    String hostile = "</p><script>alert(1)</script>\u202e" + "x".repeat(10_000);

    String page = html(job("<img src=x onerror=alert(1)>", JobStatus.FAILED, hostile));

    assertThat(page)
        .doesNotContain("<img", "<script>", "onerror=alert(1)>")
        .contains("&lt;img src=x onerror=alert(1)&gt;")
        .contains("<bdi>&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;\u202exxx")
        .contains("x".repeat(10_000) + "</bdi>");
  }

  @Test
  void statusesShowHowLongEachLasted() {
    assertThat(html(job("n", JobStatus.IN_PROGRESS, "m")))
        .contains("Submitted</span><span class=\"quiet\">1 min 5 s</span>")
        .contains("InProgress</span><span class=\"quiet\">55 s</span>");
  }

  @Test
  void whatIsKnownOfTheQueueIsSaidAndNothingElse() {
    Instant now = NOON.plusSeconds(120);
    Job job = job("n", JobStatus.SCHEDULED, "m");

    assertThat(
            html(
                job,
                new QueuePlace(3, 4_000L, now.plusSeconds(90), now.plusSeconds(150), null, now)))
        .contains("Number 3 in the queue, 4,000 records before it.")
        .contains("title=\"2026-05-01 12:03:30 UTC\">in about 1 min 30 s</time>")
        .contains(">in about 2 min 30 s</time>")
        .doesNotContain("records a second");
    assertThat(html(job, new QueuePlace(3, 4_000L, null, null, null, now)))
        .doesNotContain("Starts", "Ends");
    assertThat(html(job)).doesNotContain("class=\"queue\"");
  }

  @Test
  void aJobWithoutProgressIsNotPromisedAnEnd() {
    Instant now = NOON.plusSeconds(120);
    Job job = job("n", JobStatus.IN_PROGRESS, "m");

    assertThat(html(job, new QueuePlace(null, null, null, null, null, now)))
        .contains("No record was done of late: when it ends cannot be told.")
        .doesNotContain("records a second", "Ends");
    assertThat(html(job, new QueuePlace(null, null, null, now.plusSeconds(600), 0.04, now)))
        .contains("A record in about 25 s. Ends")
        .doesNotContain("0.0 records");
    assertThat(html(job, new QueuePlace(null, null, null, now.plusSeconds(600), 12.34, now)))
        .contains("12.3 records a second. Ends");
  }

  @Test
  void whatFailedIsSeenOnItsWayIntoANewJob() {
    Job job = job("n", JobStatus.COMPLETED, "m");
    JobId made = new JobId("zzzzzzzzzz99");

    assertThat(html(job, new Reruns.Rerun(job.id(), "s", 1, 1, null, null, false)))
        .contains("A new job is being made of the failed records: 1 of 2 copied.")
        .doesNotContain("/rerun\"");
    assertThat(html(job, new Reruns.Rerun(job.id(), "s", 2, 1, made, null, true)))
        .contains("2 failed records run again as job <a href=\"/jobs/zzzzzzzzzz99\">", "/rerun\"");
    assertThat(html(job, new Reruns.Rerun(job.id(), "s", 0, 5, null, "<b>gone</b>", true)))
        .contains("No new job was made: <bdi>&lt;b&gt;gone&lt;/b&gt;</bdi>", "/rerun\"");
  }

  @Test
  void callsInFlightAndTheirReasonAreShownWhileItRuns() {
    assertThat(html(job("n", JobStatus.IN_PROGRESS, "m")))
        .contains("7 of 9 calls to its model are in flight; 9 at once: &lt;b&gt;more&lt;/b&gt;");
    assertThat(html(job("n", JobStatus.COMPLETED, "m"))).doesNotContain("in flight");
  }

  @Test
  void onlyAJobThatHasEndedCanBeRunAgainForWhatFailed() {
    assertThat(html(job("n", JobStatus.COMPLETED, "m")))
        .contains("action=\"/jobs/abcdefghij12/rerun\"", "Make a new job of the 2 records");
    assertThat(html(job("n", JobStatus.IN_PROGRESS, "m"))).doesNotContain("/rerun\"");
  }

  @Test
  void onlyAJobThatHasNotEndedCanBeStopped() {
    assertThat(html(job("n", JobStatus.IN_PROGRESS, "m")))
        .contains("action=\"/jobs/abcdefghij12/stop\"", "name=\"csrf\" value=\"token\"");
    assertThat(html(job("n", JobStatus.COMPLETED, "m"))).doesNotContain("/stop\"");
  }
}
