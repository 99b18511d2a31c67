package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.AccountId;
import bedload.job.Job;
import bedload.job.JobSpec;
import bedload.job.JobStatus;
import bedload.ledger.JobSpecs;
import bedload.ledger.QueueLimits;
import bedload.model.ModelEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles, owners of buckets and keys of KMS, as jobs meet them. */
class PermissionsTest {
  private static final String ECHO = "bedload.echo";
  private static final String KEY = "arn:aws:kms:us-east-1:000000000000:key/k1";
  private static final AccountId STRANGER = new AccountId("999999999999");

  @TempDir Path folder;
  private TestNode node;
  private int names;

  @BeforeEach
  void open() throws IOException {
    node = new TestNode(folder, List.of(new ModelEntry(ECHO, new ModelEntry.Echo(), null)));
    node.put("s3://input/r.jsonl", WorkshopTest.records(0, 5));
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void aRoleReachesTheBucketsAndModelsThatItIsConfiguredWithAndNoOthers() {
    String batch = "arn:aws:iam::*:role/batch";
    assertThat(endUnder(new Role(batch, List.of("in*", "output"), List.of("bedload.*"))).status())
        .isEqualTo(JobStatus.COMPLETED);
    assertThat(endUnder(new Role(batch, List.of("output"), List.of("*"))).message())
        .startsWith("Could not validate GetObject permissions to access S3 bucket: input")
        .contains("role/batch", "`roles`");
    assertThat(endUnder(new Role(batch, List.of("input"), List.of("*"))).message())
        .startsWith("Could not validate PutObject permissions to access S3 bucket: output");
    assertThat(endUnder(new Role(batch, List.of("*"), List.of("acme.*"))).message())
        .startsWith("Customer doesn't have permissions to invokeModel")
        .contains(ECHO);
    assertThat(
            endUnder(new Role("arn:aws:iam::*:role/other", List.of("*"), List.of("*"))).message())
        .contains("arn:aws:iam::000000000000:role/batch", "none that this service knows");
  }

  @Test
  void aBucketOfAnotherOwnerThanTheJobNamesIsRefusedOnBothSides() {
    node.start();

    assertThat(end(spec(STRANGER, AccountId.DEFAULT, null)).message())
        .startsWith("The input cannot be read")
        .contains("another account's");
    assertThat(end(spec(AccountId.DEFAULT, STRANGER, null)).message())
        .startsWith("The output cannot be written")
        .contains("another account's");
  }

  @Test
  void aStoreWithoutKmsFailsTheJobThatNamesAKeyAndSaysSo() {
    node.start();

    Job job = end(spec(AccountId.DEFAULT, AccountId.DEFAULT, KEY));

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.message()).contains("KMS", KEY, "s3EncryptionKeyId");
    assertThat(node.keys("s3://output/")).isEmpty();
  }

  @Test
  void everythingThatAJobWritesIsEncryptedWithTheKeyThatItNames() {
    node.start(rules(Role.ANY, true));

    Job job = end(spec(AccountId.DEFAULT, AccountId.DEFAULT, KEY));

    assertThat(job.status()).as(job.message()).isEqualTo(JobStatus.COMPLETED);
    for (String name : List.of("r.jsonl.out", "manifest.json.out")) {
      assertThat(node.encryption("output", "results/" + job.id() + "/" + name))
          .isEqualTo("aws:kms " + KEY);
    }
  }

  private Job endUnder(Role role) {
    node.stop();
    node.start(rules(role, false));
    return end(spec(AccountId.DEFAULT, AccountId.DEFAULT, null));
  }

  private static WorkRules rules(Role role, boolean storeHasKms) {
    return new WorkRules(
        InputLimits.OPEN,
        QueueLimits.DEFAULT,
        new Permissions(List.of(role), storeHasKms),
        false,
        true);
  }

  private Job end(JobSpec spec) {
    return node.awaitEnd(node.submit(spec).id());
  }

  private JobSpec spec(AccountId inputOwner, AccountId outputOwner, @Nullable String key) {
    JobSpec plain =
        JobSpecs.of("job-" + names++, null, ECHO, "s3://input/r.jsonl", "s3://output/results/");
    return new JobSpec(
        plain.jobName(),
        plain.roleArn(),
        plain.modelId(),
        plain.modelInvocationType(),
        new JobSpec.Input(plain.input().uri(), null, inputOwner),
        new JobSpec.Output(plain.output().uri(), key, outputOwner),
        null,
        null,
        plain.timeout(),
        plain.tags());
  }
}
