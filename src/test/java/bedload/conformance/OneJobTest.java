package bedload.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.CreateModelInvocationJobRequest;

/** One token makes one job, whoever races and whatever dies. */
@Tag("slow")
class OneJobTest {
  private static final int RACERS = 64;

  @TempDir Path folder;

  private ServiceProcess start() throws IOException, InterruptedException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return ServiceProcess.start(folder.resolve("data"), folder.resolve("errors.log"));
  }

  private static CreateModelInvocationJobRequest request(String token) {
    return CreateModelInvocationJobRequest.builder()
        .jobName("one-job")
        .clientRequestToken(token)
        .roleArn("arn:aws:iam::000000000000:role/batch")
        .modelId("amazon.titan-embed-text-v2:0")
        .inputDataConfig(in -> in.s3InputDataConfig(s3 -> s3.s3Uri("s3://no-bucket/x.jsonl")))
        .outputDataConfig(out -> out.s3OutputDataConfig(s3 -> s3.s3Uri("s3://no-bucket/out/")))
        .build();
  }

  private static List<String> jobs(BedrockClient bedrock) {
    return bedrock.listModelInvocationJobs(_ -> {}).invocationJobSummaries().stream()
        .map(job -> job.jobArn())
        .toList();
  }

  @Test
  void sixtyFourCreatesOverHttpThatRaceWithOneTokenMakeOneJob() throws Exception {
    try (ServiceProcess service = start();
        BedrockClient bedrock = service.bedrock();
        ExecutorService racers = Executors.newVirtualThreadPerTaskExecutor()) {
      CyclicBarrier barrier = new CyclicBarrier(RACERS);
      List<Future<String>> arns = new ArrayList<>();
      for (int racer = 0; racer < RACERS; racer++) {
        arns.add(
            racers.submit(
                () -> {
                  barrier.await();
                  return bedrock.createModelInvocationJob(request("raced")).jobArn();
                }));
      }
      List<String> answered = new ArrayList<>();
      for (Future<String> arn : arns) {
        answered.add(arn.get());
      }

      assertThat(answered).hasSize(RACERS);
      assertThat(jobs(bedrock)).containsExactly(answered.getFirst());
      assertThat(answered).containsOnly(answered.getFirst());
    }
  }

  @Test
  void serviceThatIsKilledBetweenItsCommitAndTheAnswerKnowsTheJobWhenTheCallerComesAgain()
      throws Exception {
    ServiceProcess killed = start();
    String lost;
    try (LostAnswerRelay relay = new LostAnswerRelay(killed.service().api(), killed::killTree);
        AwsClient client =
            ClientKind.JAVA.open(Endpoint.of(killed.service()).at(relay.url()).withAttempts(1));
        BedrockClient direct = killed.bedrock()) {
      assertThat(jobs(direct)).isEmpty();
      assertThatThrownBy(
              () -> client.call("CreateModelInvocationJob", JavaSdk.members(request("killed"))))
          .hasRootCauseInstanceOf(IOException.class);
      lost = relay.lostAnswer();
    }

    try (ServiceProcess again = start();
        BedrockClient bedrock = again.bedrock()) {
      String arn = bedrock.createModelInvocationJob(request("killed")).jobArn();

      assertThat(lost).contains(arn);
      assertThat(jobs(bedrock)).containsExactly(arn);
    }
  }
}
