package bedload.object;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.AccountId;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The store over the AWS SDK, a socket and the embedded S3. */
@TestInstance(Lifecycle.PER_CLASS)
class S3ObjectStoreTest implements ObjectStoreContract {
  private LoopbackS3 s3;
  private int buckets;

  @BeforeAll
  void start(@TempDir Path folder) {
    s3 = new LoopbackS3(folder);
  }

  @AfterAll
  void stop() {
    s3.close();
  }

  @BeforeEach
  void makeBucket() {
    buckets++;
    s3.client(LoopbackS3.ALICE).createBucket(request -> request.bucket(bucket()));
  }

  @Override
  public ObjectStore store() {
    return s3.store();
  }

  @Override
  public String bucket() {
    return "bucket-" + buckets;
  }

  @Override
  public AccountId owner() {
    return LoopbackS3.ALICE;
  }

  /** S3 takes 10,000 parts and 5 TB; a whole output of 4 TB must fit into them. */
  @Test
  void partsGrowSoThatTenThousandSuffice() {
    assertThat(S3Upload.partBytes(0)).isEqualTo(8 << 20);
    assertThat(S3Upload.partBytes(999)).isEqualTo(8 << 20);
    assertThat(S3Upload.partBytes(1_000)).isEqualTo(16 << 20);
    long largest = LongStream.range(0, 10_000).map(part -> S3Upload.partBytes((int) part)).sum();
    assertThat(largest).isGreaterThan(4_000_000_000_000L);
  }
}
