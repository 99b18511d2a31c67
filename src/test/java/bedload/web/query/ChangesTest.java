package bedload.web.query;

import static bedload.web.query.QueryDoor.MINE;
import static bedload.web.query.QueryDoor.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.TestReaders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who follows the catalog hears of every change once, whatever breaks off. */
@Timeout(30)
class ChangesTest {
  private final QueryDoor door = new QueryDoor();

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void aStreamTellsWhatChangesFromNowOnWithTheResourceAsItIsThen() throws IOException {
    job("old", "Completed", 1);
    try (Stream stream = new Stream("/v1/changes", "")) {
      job("fresh", "Submitted", 1);
      job("fresh", "Failed", 2);

      JsonNode first = stream.next().data();
      assertThat(first.get("key").asString()).endsWith("/fresh");
      assertThat(first.get("revision").asInt()).isEqualTo(1);
      assertThat(first.get("changed").isNull()).isTrue();
      assertThat(first.at("/resource/status").asString()).isEqualTo("Submitted");
      assertThat(first.at("/resource/input_data_config/s3_input_data_config/s3_uri").asString())
          .isEqualTo("s3://in/fresh");
      JsonNode second = stream.next().data();
      assertThat(second.get("changed").toString()).isEqualTo("[\"status\"]");
      assertThat(second.at("/resource/status").asString()).isEqualTo("Failed");
    }
  }

  /** An open transaction holds back the order of changes, also that of some which are long told. */
  @Test
  void whatHappenedBeforeTheStreamIsNotToldWhileAnEarlierTransactionIsOpen() throws IOException {
    try (Handle early = openTransaction()) {
      job("old", "Completed", 1);
      try (Stream stream = new Stream("/v1/changes", "")) {
        early.commit();
        job("fresh", "Submitted", 1);

        assertThat(stream.next().data().get("key").asString()).endsWith("/fresh");
      }
    }
  }

  @Test
  void aStreamThatBrokeOffGoesOnAfterItsLastEvent() throws IOException {
    job("a", "Submitted", 1);
    job("b", "Submitted", 1);
    job("c", "Submitted", 1);
    String seen;
    try (Stream stream = new Stream("/v1/changes?after=0-0", "")) {
      assertThat(stream.next().data().get("key").asString()).endsWith("/a");
      seen = stream.next().id();
    }
    job("d", "Submitted", 1);

    try (Stream stream = new Stream("/v1/changes", seen)) {
      assertThat(stream.next().data().get("key").asString()).endsWith("/c");
      assertThat(stream.next().data().get("key").asString()).endsWith("/d");
    }
  }

  @Test
  void onlyWhatIsLookedForIsTold() throws IOException {
    job("x", "Submitted", 1);
    job("x", "Failed", 2);
    job("y", "Failed", 1);

    try (Stream stream = new Stream("/v1/changes?after=0-0&q=status:Failed%20-team:ml%20y", "")) {
      assertThat(stream.next().data().get("key").asString()).endsWith("/y");
    }
  }

  @Test
  void anotherAccountsChangesAreNotHeardOf() throws IOException {
    door.job(THEIRS, "theirs", "Failed", Map.of(), 1);
    job("mine", "Failed", 1);

    try (Stream stream = new Stream("/v1/changes?after=0-0", "")) {
      assertThat(stream.next().data().get("key").asString()).endsWith("/mine");
    }
  }

  /** What commits late must not be overtaken by what began after it. */
  @Test
  void nothingIsToldBeforeWhatAnEarlierTransactionMayStillAdd() throws IOException {
    try (Handle early = openTransaction();
        Stream stream = new Stream("/v1/changes", "")) {
      job("late", "Submitted", 1);
      early.execute(
          """
          insert into catalog_store.change (account, table_name, key, revision)
          select account_id, 'aws_bedrock_model_invocation_job', job_arn, 1
            from catalog_store.aws_bedrock_model_invocation_job
          """);
      early.commit();
      Event first = stream.next();
      Event second = stream.next();
      assertThat(first.data().get("key")).isEqualTo(second.data().get("key"));
      assertThat(first.id()).isNotEqualTo(second.id());
    }
  }

  /** The transaction that began first may come last to a resource. */
  @Test
  void changesOfOneResourceAreToldInTheOrderInWhichTheyHappened() throws IOException {
    job("x", "Submitted", 1);
    try (Handle early = openTransaction()) {
      job("x", "Validating", 2);
      try (Stream stream = new Stream("/v1/changes", "")) {
        job("x", "Scheduled", 3);
        door.catalog.record(early, door.observation(MINE, "x", "InProgress", Map.of(), 4));
        door.catalog.record(early, door.observation(MINE, "x", "Stopping", Map.of(), 5));
        early.commit();
        job("x", "Stopped", 6);

        for (int revision = 3; revision <= 6; revision++) {
          assertThat(stream.next().data().get("revision").asInt()).isEqualTo(revision);
        }
      }
    }
  }

  /** Every stream asks twice a second. */
  @Test
  void whatFollowsAndWhereItEndsIsFoundWithoutALookAtAllChanges() {
    job("a", "Submitted", 1);
    try (Handle handle = door.database.jdbi().open()) {
      handle.execute(
          """
          insert into catalog_store.change (account, transaction, table_name, key, revision)
          select '000000000000', n % 300, 'aws_bedrock_model_invocation_job', 'arn' || n, 1
            from generate_series(1, 100000) as n
          """);
      handle.execute("analyze catalog_store.change");
      handle.execute("set session authorization " + TestReaders.role(door.database, MINE));
      handle.execute("set search_path to catalog");
      for (String question :
          List.of(
              "select * from changes_after(100, 0, 200)",
              "select * from changes_after(1000000, 0, 200)",
              "select * from newest_change")) {
        String plan =
            String.join(
                "\n",
                handle
                    .createQuery("explain (analyze, buffers, costs off) " + question)
                    .mapTo(String.class)
                    .list());
        Matcher pages = Pattern.compile("shared hit=([0-9]+)").matcher(plan);
        assertThat(pages.find()).as(plan).isTrue();
        assertThat(Integer.parseInt(pages.group(1))).as(plan).isLessThan(500);
      }
      handle.execute("reset session authorization");
    }
  }

  @Test
  void whatCannotBeFollowedIsRefusedAtOnce() {
    assertThat(door.get("mine", "/v1/changes?q=status:(").status()).isEqualTo(400);
    assertThat(door.get("mine", "/v1/changes?after=x").status()).isEqualTo(400);
    assertThat(door.get("mine", "/v1/changes?type=nope").status()).isEqualTo(400);
    assertThat(door.get("unknown", "/v1/changes").status()).isEqualTo(403);
  }

  /** A transaction that has its place in the order, on a connection of its own. */
  private Handle openTransaction() {
    Handle handle = door.database.jdbi().open();
    handle.begin();
    handle.execute("select pg_current_xact_id()");
    return handle;
  }

  private void job(String name, String status, int seconds) {
    door.job(MINE, name, status, Map.of(), seconds);
  }

  private record Event(String id, JsonNode data) {}

  /** A client that has got its first word: what happens from then on it hears of. */
  private final class Stream implements AutoCloseable {
    private final HttpURLConnection connection;
    private final BufferedReader lines;

    Stream(String path, String lastEventId) throws IOException {
      connection = (HttpURLConnection) door.url(path).toURL().openConnection();
      connection.setRequestProperty("Authorization", "Bearer mine");
      if (!lastEventId.isEmpty()) {
        connection.setRequestProperty("Last-Event-ID", lastEventId);
      }
      assertThat(connection.getContentType()).isEqualTo("text/event-stream");
      lines =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
      assertThat(lines.readLine()).startsWith("retry:");
    }

    Event next() {
      String id = "";
      try {
        String line;
        while ((line = lines.readLine()) != null) {
          if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("data: ")) {
            return new Event(id, JsonMapper.shared().readTree(line.substring(6)));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      throw new AssertionError("The stream ended");
    }

    @Override
    public void close() {
      connection.disconnect();
    }
  }
}
