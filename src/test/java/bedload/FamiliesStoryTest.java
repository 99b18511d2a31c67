package bedload;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.model.TestModelServer;
import bedload.model.body.Family;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file of records of each family, from the AWS CLI to results that the family's programs read,
 * over a model server that refuses whatever is not of OpenAI's form. The records are the cases of
 * the golden files.
 */
@Tag("slow")
class FamiliesStoryTest {
  private static final Path GOLDEN = Path.of("src/test/resources/bedload/model/golden");
  private static final Map<Family, String> MODELS =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(Family.ANTHROPIC_MESSAGES, "anthropic.claude-3-haiku-20240307-v1:0"),
              Map.entry(Family.OPENAI_CHAT, "openai.gpt-oss-20b-1:0"),
              Map.entry(Family.CONVERSE, "qwen.qwen3-32b-v1:0"),
              Map.entry(Family.NOVA, "amazon.nova-lite-v1:0"),
              Map.entry(Family.TITAN_TEXT, "amazon.titan-text-express-v1"),
              Map.entry(Family.TITAN_EMBEDDING, "amazon.titan-embed-text-v2:0"),
              Map.entry(Family.COHERE_COMMAND_R, "cohere.command-r-v1:0"),
              Map.entry(Family.COHERE_COMMAND, "cohere.command-text-v14"),
              Map.entry(Family.COHERE_EMBED, "cohere.embed-english-v3"),
              Map.entry(Family.LLAMA, "meta.llama3-8b-instruct-v1:0"),
              Map.entry(Family.MISTRAL_PROMPT, "mistral.mistral-7b-instruct-v0:2"),
              Map.entry(Family.DEEPSEEK_R1, "deepseek.r1-v1:0")));

  @TempDir Path folder;

  @Test
  void everyFamilysRecordsComeBackThroughTheAwsCliAsItsProgramsReadThem() throws Exception {
    Needs.command("aws");
    assertThat(MODELS).containsOnlyKeys(Family.values());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path work = Files.createDirectory(folder.resolve("work"));
    for (Family family : Family.values()) {
      Files.write(work.resolve(family.wireName() + ".jsonl"), records(family));
    }
    Files.write(
        work.resolve("models.txt"),
        Stream.of(Family.values())
            .map(
                family ->
                    "%s %s %s"
                        .formatted(
                            family.wireName(),
                            MODELS.get(family),
                            family == Family.CONVERSE ? "Converse" : "InvokeModel"))
            .toList());

    try (TestModelServer server = TestModelServer.strict();
        Wiring wiring = service(server)) {
      assertThat(story(wiring, work)).contains("completed " + MODELS.size());
    }

    for (Family family : Family.values()) {
      check(family, outputs(work.resolve("results").resolve(family.wireName())));
    }
  }

  /** Returns a record for each case that can be sent, under the case's name. */
  private static List<String> records(Family family) throws IOException {
    try (Stream<Path> cases = Files.list(GOLDEN.resolve(family.wireName()))) {
      return cases.sorted().map(FamiliesStoryTest::record).filter(line -> !line.isEmpty()).toList();
    }
  }

  private static String record(Path file) {
    try {
      JsonNode content = JsonMapper.shared().readTree(Files.readAllBytes(file));
      if (!content.has("sent")) {
        return "";
      }
      ObjectNode line = JsonMapper.shared().createObjectNode();
      line.put("recordId", file.getFileName().toString().replace(".json", ""));
      line.set("modelInput", content.path("request"));
      return line.toString();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private Wiring service(TestModelServer server) {
    List<String> models =
        MODELS.values().stream().map(id -> "%s=%s#tiny".formatted(id, server.url())).toList();
    return Wiring.start(
        SettingsReader.read(
            null,
            Map.of(),
            Map.of(
                "data",
                folder.resolve("data").toString(),
                "listen",
                "127.0.0.1:0",
                "s3.listen",
                "127.0.0.1:0",
                "models",
                models)));
  }

  private static String story(Wiring wiring, Path work) throws Exception {
    RunningService target = wiring.service();
    ProcessBuilder builder =
        new ProcessBuilder("bash", "src/test/resources/bedload/families_story.sh", work.toString())
            .redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_ENDPOINT_URL_BEDROCK", target.api(),
                "AWS_ENDPOINT_URL_S3", target.s3(),
                "AWS_ACCESS_KEY_ID", target.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", target.secretAccessKey(),
                "AWS_REGION", target.region(),
                "AWS_DEFAULT_REGION", target.region(),
                "AWS_EC2_METADATA_DISABLED", "true"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static List<JsonNode> outputs(Path results) throws IOException {
    try (Stream<Path> files = Files.walk(results)) {
      Path file =
          files.filter(each -> each.toString().endsWith(".jsonl.out")).findFirst().orElseThrow();
      return Files.readAllLines(file).stream().map(JsonMapper.shared()::readTree).toList();
    }
  }

  private static void check(Family family, List<JsonNode> lines) throws IOException {
    assertThat(lines).as(family.wireName()).hasSameSizeAs(records(family));
    for (JsonNode line : lines) {
      String name = line.path("recordId").stringValue();
      if (line.has("error")) {
        // Dimensions that the server does not have, and what it does not know of.
        assertThat(line.at("/error/errorCode").intValue()).as("%s %s", family, line).isEqualTo(400);
        assertThat(name).as(line.toString()).isNotEqualTo("plain");
      } else {
        assertThat(FamilyClients.read(family, line.path("modelOutput")))
            .as("%s %s", family.wireName(), name)
            .isNotEmpty();
      }
    }
    JsonNode plain =
        lines.stream()
            .filter(line -> line.path("recordId").stringValue().equals("plain"))
            .findFirst()
            .orElseThrow();
    if (!family.embeds()) {
      assertThat(FamilyClients.read(family, plain.path("modelOutput")).toLowerCase(Locale.ROOT))
          .contains("you said:")
          .contains("sand");
    }
  }
}
