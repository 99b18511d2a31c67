package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.Job;
import bedload.job.JobStatus;
import bedload.model.ModelEntry;
import bedload.object.ObjectStores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A store that is used with roles: the service itself has keys that the store does not know, so
 * whatever a job reads or writes was done with the keys that STS gave out.
 */
class AssumedRoleTest {
  private static final String ROLE = "arn:aws:iam::000000000000:role/batch";
  private static final String ECHO = "bedload.echo";

  @TempDir Path folder;
  private TestNode node;

  @BeforeEach
  void open() throws IOException {
    node = new TestNode(folder, List.of(new ModelEntry(ECHO, new ModelEntry.Echo(), null)));
    node.put("s3://input/r.jsonl", WorkshopTest.records(0, 5));
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Job end(FakeSts sts) {
    try (ObjectStores stores =
        ObjectStores.assumingRoles(
            URI.create(node.s3Url()),
            TestNode.REGION,
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAOURS", "ours")),
            sts.url())) {
      node.start(WorkRules.DEFAULT, stores);
      Job job = node.submit("job", ECHO, "s3://input/r.jsonl", "s3://output/results");
      try {
        return node.awaitEnd(job.id());
      } finally {
        node.stop();
      }
    }
  }

  @Test
  void aJobReadsAndWritesWithItsRoleWhichIsAssumedOnceAndNamesTheJob() {
    try (FakeSts sts = new FakeSts(ROLE, Duration.ofHours(1))) {
      Job job = end(sts);

      assertThat(job.status()).as(job.message()).isEqualTo(JobStatus.COMPLETED);
      assertThat(node.keys("s3://output/results/")).anyMatch(key -> key.endsWith("r.jsonl.out"));
      assertThat(sts.calls())
          .singleElement()
          .satisfies(
              call ->
                  assertThat(call)
                      .containsEntry("Action", "AssumeRole")
                      .containsEntry("RoleArn", ROLE)
                      .containsEntry("RoleSessionName", "bedload-" + job.id()));
    }
  }

  @Test
  void keysThatAreAboutToExpireAreMadeAnew() {
    try (FakeSts sts = new FakeSts(ROLE, Duration.ofSeconds(30))) {
      assertThat(end(sts).status()).isEqualTo(JobStatus.COMPLETED);
      assertThat(sts.calls()).hasSizeGreaterThan(1);
    }
  }

  @Test
  void aRoleThatCannotBeAssumedFailsTheJobWithWhatToDo() {
    try (FakeSts sts = new FakeSts("arn:aws:iam::000000000000:role/other", Duration.ofHours(1))) {
      Job job = end(sts);

      assertThat(job.status()).isEqualTo(JobStatus.FAILED);
      assertThat(job.message())
          .startsWith("The job's role cannot be used: sts:AssumeRole on " + ROLE)
          .contains("403 AccessDenied", "is not authorized to perform", "trust policy");
    }
  }
}
