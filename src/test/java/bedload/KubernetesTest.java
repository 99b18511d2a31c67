package bedload;

import static org.assertj.core.api.Assertions.assertThat;

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
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The manifests of deploy/kubernetes fit one another and what bedload itself understands. */
class KubernetesTest {
  private static final Path MANIFESTS = Path.of("deploy/kubernetes/bedload.yaml");
  private static final Map<String, String> VERSIONS =
      Map.of(
          "ConfigMap", "v1",
          "Service", "v1",
          "Deployment", "apps/v1",
          "HorizontalPodAutoscaler", "autoscaling/v2",
          "PodDisruptionBudget", "policy/v1");

  @TempDir Path folder;
  private final List<JsonNode> manifests = new ArrayList<>();

  @BeforeEach
  void read() throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    try (var documents = yaml.readerFor(JsonNode.class).readValues(MANIFESTS.toFile())) {
      documents.forEachRemaining(document -> manifests.add((JsonNode) document));
    }
  }

  private JsonNode find(String kind, String name) {
    return manifests.stream()
        .filter(manifest -> manifest.path("kind").asString("").equals(kind))
        .filter(manifest -> manifest.path("metadata").path("name").asString("").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no " + kind + " " + name));
  }

  private static JsonNode podSpec(JsonNode deployment) {
    return deployment.path("spec").path("template").path("spec");
  }

  private static JsonNode container(JsonNode deployment) {
    return podSpec(deployment).path("containers").path(0);
  }

  @Test
  void everyManifestHasTheVersionOfItsKindAndANameOfItsOwn() {
    assertThat(manifests).hasSize(7);
    assertThat(manifests)
        .allSatisfy(
            manifest -> {
              String kind = manifest.path("kind").asString("");
              assertThat(VERSIONS).containsEntry(kind, manifest.path("apiVersion").asString(""));
              assertThat(manifest.path("metadata").path("name").asString(""))
                  .matches("[a-z][a-z0-9-]{1,62}");
            });
    assertThat(manifests.stream().map(m -> m.path("kind") + "/" + m.path("metadata").path("name")))
        .doesNotHaveDuplicates();
  }

  @Test
  void selectorsFindThePodsTheyAreMeantFor() {
    for (String component : List.of("api", "worker")) {
      JsonNode deployment = find("Deployment", "bedload-" + component);
      JsonNode labels = deployment.path("spec").path("template").path("metadata").path("labels");
      assertThat(deployment.path("spec").path("selector").path("matchLabels")).isEqualTo(labels);
      assertThat(
              find("PodDisruptionBudget", "bedload-" + component)
                  .path("spec")
                  .path("selector")
                  .path("matchLabels"))
          .isEqualTo(labels);
    }
    assertThat(find("Service", "bedload").path("spec").path("selector"))
        .isEqualTo(
            find("Deployment", "bedload-api")
                .path("spec")
                .path("template")
                .path("metadata")
                .path("labels"));
    assertThat(
            find("HorizontalPodAutoscaler", "bedload-worker")
                .path("spec")
                .path("scaleTargetRef")
                .path("name")
                .asString(""))
        .isEqualTo("bedload-worker");
  }

  @Test
  void aPodHasTimeForTheDrainAndTheProbesAskWhatThereIs() throws IOException {
    Settings settings = settings("worker");
    for (String component : List.of("api", "worker")) {
      JsonNode deployment = find("Deployment", "bedload-" + component);
      JsonNode container = container(deployment);
      assertThat(container.path("readinessProbe").path("httpGet").path("path").asString(""))
          .isEqualTo("/readyz");
      assertThat(container.path("livenessProbe").path("httpGet").path("path").asString(""))
          .isEqualTo("/healthz");
      assertThat(container.path("ports").path(0).path("containerPort").asInt(0))
          .isEqualTo(settings.listen().port());
      assertThat(container.path("resources").path("limits").path("memory").asString(""))
          .isNotEmpty();
    }
    assertThat(
            podSpec(find("Deployment", "bedload-worker"))
                .path("terminationGracePeriodSeconds")
                .asInt(0))
        .isGreaterThanOrEqualTo((int) settings.drain().toSeconds() + 60);
  }

  /** What the pods are given is read by the very reader that will read it there. */
  @Test
  void theConfigMapAndTheArgumentsAreSettingsThatBedloadTakes() throws IOException {
    for (String component : List.of("api", "worker")) {
      JsonNode container = container(find("Deployment", "bedload-" + component));
      assertThat(container.path("args").valueStream().map(arg -> arg.asString("")))
          .containsExactly("serve", "--role", component, "--config", "/etc/bedload/bedload.yaml");
      assertThat(container.path("env").valueStream().map(env -> env.path("name").asString("")))
          .contains("BEDLOAD__DATABASE__URL");
      assertThat(container.path("env").valueStream())
          .allSatisfy(
              env ->
                  assertThat(env.path("valueFrom").path("secretKeyRef").path("name").asString(""))
                      .isEqualTo("bedload"));
      assertThat(settings(component).role().settingName()).isEqualTo(component);
    }
  }

  private Settings settings(String role) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("bedload.yaml"),
            find("ConfigMap", "bedload").path("data").path("bedload.yaml").asString(""));
    return SettingsReader.read(
        file,
        Map.of("BEDLOAD__DATABASE__URL", "postgresql://user:password@host/bedload"),
        Map.of("role", role));
  }
}
