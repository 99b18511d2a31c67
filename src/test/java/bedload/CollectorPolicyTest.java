package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.CollectorPolicy;
import bedload.catalog.ResourceTypes;
import bedload.job.AccountId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What IAM has to allow is what the settings make the service do, on those resources alone. */
class CollectorPolicyTest {
  private static final AccountId FIRST = new AccountId("000000000000");
  private static final String QUEUE = "arn:aws:sqs:eu-west-1:111122223333:bedload";
  private static final String ROLE = "arn:aws:iam::111122223333:role/bedload-collector";

  @TempDir private Path folder;
  private Settings settings;

  @BeforeEach
  void readSettings() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("bedload.yaml"),
            """
            sources:
              - account: "111122223333"
                regions: [us-east-1, eu-west-1]
                role-arn: arn:aws:iam::111122223333:role/bedload-collector
                events-queue: https://sqs.eu-west-1.amazonaws.com/111122223333/bedload
              - account: "444455556666"
                regions: [cn-north-1]
                profile: other
                readers: ["222222222222"]
                events-queue: https://sqs.cn-north-1.amazonaws.com.cn/444455556666/events
              - account: "777788889999"
                regions: [us-east-1]
                profile: other
                readers: ["222222222222"]
                events-queue: http://127.0.0.1:9324/queue/events
            """);
    settings = SettingsReader.read(config, Map.of(), Map.of("data", folder.toString()));
  }

  private CollectorPolicy policy(String account) {
    return settings.policyFor(account, ResourceTypes.builtIn());
  }

  private static JsonNode statement(String policy, int index) {
    return JsonMapper.shared().readTree(policy).path("Statement").path(index);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asString()));
    return texts;
  }

  @Test
  void queueIsReadAndItsMessagesDeletedByNameAlone() {
    JsonNode events = statement(policy("111122223333").collector(), 1);

    assertThat(texts(events.path("Action")))
        .containsExactly("sqs:DeleteMessage", "sqs:ReceiveMessage");
    assertThat(texts(events.path("Resource"))).containsExactly(QUEUE);
  }

  @Test
  void roleIsAssumedByTheServiceAndNotByItself() {
    CollectorPolicy policy = policy("111122223333");

    JsonNode assumes = statement(policy.service().orElseThrow(), 0);
    assertThat(texts(assumes.path("Action"))).containsExactly("sts:AssumeRole");
    assertThat(texts(assumes.path("Resource"))).containsExactly(ROLE);
    assertThat(policy.collector()).doesNotContain("sts:");
  }

  @Test
  void queueOfAnotherPartitionAndOneThatNamesNoAccountHaveTheirArns() {
    assertThat(texts(statement(policy("444455556666").collector(), 1).path("Resource")))
        .containsExactly("arn:aws-cn:sqs:cn-north-1:444455556666:events");
    assertThat(texts(statement(policy("777788889999").collector(), 1).path("Resource")))
        .containsExactly("arn:aws:sqs:us-east-1:*:events");
  }

  @Test
  void sourceWithoutRoleWantsNothingOfTheService() {
    assertThat(policy("444455556666").service()).isEmpty();
  }

  @Test
  void accountSeesNamesOfItsOwnSourcesOnly() {
    CollectorPolicy other =
        settings.policySeenBy(new AccountId("222222222222"), FIRST, ResourceTypes.builtIn());
    CollectorPolicy first = settings.policySeenBy(FIRST, FIRST, ResourceTypes.builtIn());

    assertThat(first.queues()).containsExactly(QUEUE);
    assertThat(first.roles()).containsExactly(ROLE);
    assertThat(other.queues()).hasSize(2).doesNotContain(QUEUE);
    assertThat(other.roles()).isEmpty();
  }

  @Test
  void withoutSourcesTheTypesAloneAreAllowed() {
    CollectorPolicy bare = CollectorPolicy.of(ResourceTypes.builtIn());

    assertThat(statement(bare.collector(), 0).path("Resource").asString()).isEqualTo("*");
    assertThat(statement(bare.collector(), 1).isMissingNode()).isTrue();
  }
}
