package bedload.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Scenarios about lists of jobs. */
final class ListStories {
  private static final String LIST = "ListModelInvocationJobs";

  private ListStories() {}

  private static List<String> create(Stage stage, int count) {
    List<String> arns = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      arns.add(stage.create(stage.request("job-" + number, Stage.ECHO_MODEL)));
    }
    return arns;
  }

  private static ObjectNode ofThisStage(Stage stage) {
    return Stage.member("nameContains", stage.prefix());
  }

  private static List<String> arns(JsonNode page) {
    return page.get("invocationJobSummaries")
        .valueStream()
        .map(job -> job.get("jobArn").stringValue())
        .toList();
  }

  static void eachFilter(Stage stage) {
    List<String> arns = create(stage, 3);
    arns.forEach(arn -> stage.await(arn, "Completed"));
    String middle = stage.get(arns.get(1)).get("submitTime").stringValue();

    assertThat(arns(stage.output(LIST, ofThisStage(stage))))
        .containsExactlyElementsOf(arns.reversed());
    assertThat(
            arns(
                stage.output(
                    LIST,
                    ofThisStage(stage)
                        .put("sortBy", "CreationTime")
                        .put("sortOrder", "Ascending"))))
        .containsExactlyElementsOf(arns);
    assertThat(arns(stage.output(LIST, ofThisStage(stage).put("statusEquals", "Completed"))))
        .hasSize(3);
    assertThat(arns(stage.output(LIST, ofThisStage(stage).put("statusEquals", "Failed"))))
        .isEmpty();
    assertThat(arns(stage.output(LIST, ofThisStage(stage).put("submitTimeAfter", middle))))
        .containsExactly(arns.get(2), arns.get(1));
    assertThat(arns(stage.output(LIST, ofThisStage(stage).put("submitTimeBefore", middle))))
        .containsExactly(arns.get(1), arns.get(0));
    stage.fault("ValidationException", LIST, Stage.member("nameContains", "a_b"));
  }

  static void pages(Stage stage) {
    List<String> arns = create(stage, 5);
    List<String> seen = new ArrayList<>();
    ObjectNode request = ofThisStage(stage).put("maxResults", 2);
    int pages = 0;
    do {
      JsonNode page = stage.output(LIST, request);
      seen.addAll(arns(page));
      request.remove("nextToken");
      if (page.hasNonNull("nextToken")) {
        request.put("nextToken", page.get("nextToken").stringValue());
      }
      pages++;
    } while (request.has("nextToken"));

    assertThat(seen).containsExactlyElementsOf(arns.reversed());
    assertThat(pages).isEqualTo(3);
  }

  static void forgedToken(Stage stage) {
    stage.fault("ValidationException", LIST, Stage.member("nextToken", "Zm9yZ2Vk"));
  }
}
