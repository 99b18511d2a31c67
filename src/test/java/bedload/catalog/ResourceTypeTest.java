package bedload.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A schema file is read strictly: what it says wrongly is told, with the file and the place. */
class ResourceTypeTest {
  private static final String FILE = CatalogSchemaTest.file();

  @Test
  void misspeltKeyIsAnErrorThatNamesFilePlaceAndKey() {
    refused("provider_name: endTime", "provder_name: endTime")
        .hasMessageContaining("test.yaml: columns[2] (end_time)")
        .hasMessageContaining("needs exactly one of the keys 'provider_name' and 'from'")
        .hasMessageContaining("provder_name");
    refused("    sensitive: true", "    sensitiv: true")
        .hasMessageContaining("columns[8] (message) has a key 'sensitiv' that means nothing here")
        .hasMessageContaining("sensitive");
    refused("display_name:", "displayname:")
        .hasMessageContaining("test.yaml: the file lacks the key 'display_name'");
    refused(
            "            provider_name: s3Uri\n            indexed",
            "            provider_name: s3Uri\n            index")
        .hasMessageContaining("columns[3].fields[0].fields[2] (s3_uri) has a key 'index'");
  }

  @Test
  void keyThatStandsTwiceIsAnError() {
    refused("key: [job_arn]", "key: [job_arn]\nkey: [job_name]")
        .hasMessageContaining("test.yaml is not YAML")
        .hasMessageContaining("key");
  }

  @Test
  void unknownTypeOriginOrWordIsAnErrorThatListsTheKnownOnes() {
    refused("type: INT32", "type: INT23")
        .hasMessageContaining("INT23")
        .hasMessageContaining("INT64");
    refused("from: account", "from: acount").hasMessageContaining("account or tags");
    refused("test: contains", "test: like").hasMessageContaining("CONTAINS");
    refused("overlap: PT1H", "overlap: 1h").hasMessageContaining("like PT1H, is 1h");
    refused("value: 1000}", "value: many}").hasMessageContaining("whole number");
    refused("sensitive: true", "sensitive: yes please").hasMessageContaining("true or false");
  }

  @Test
  void nameOfAColumnThatIsNotThereIsAnError() {
    refused("key: [job_arn]", "key: [job_arm]").hasMessageContaining("'job_arm'");
    refused("{column: role_arn, to", "{column: roll_arn, to").hasMessageContaining("'roll_arn'");
    refused(
            "member: statusEquals}",
            "member: statusEquals}\n      - {column: state, test: equals, member: x}")
        .hasMessageContaining("'state'");
  }

  @Test
  void nameThatSqlCannotHoldOrTheStoreNeedsIsAnError() {
    refused("name: job_name", "name: _job_name").hasMessageContaining("_job_name");
    refused("name: job_name", "name: \"job\\\"; drop\"").hasMessageContaining("a name is");
    refused("name: job_name", "name: " + "x".repeat(64)).hasMessageContaining("a name is");
    refused("name: job_name", "name: job_arn").hasMessageContaining("called 'job_arn'");
  }

  @Test
  void fileSaysHowJobsAreCollected() {
    CollectPlan plan = SampleJobs.TYPE.collect();

    assertThat(plan.list().operation()).isEqualTo("ListModelInvocationJobs");
    assertThat(plan.list().paging().orElseThrow().size()).isEqualTo(1000);
    assertThat(plan.list().filters()).hasSize(4);
    assertThat(plan.incremental().orElseThrow().overlap()).isEqualTo(Duration.ofHours(1));
    assertThat(plan.tags().orElseThrow().until())
        .isEqualTo(CollectPlan.Tagging.Until.UNTIL_TERMINAL);
    assertThat(plan.permissions()).contains("bedrock:ListModelInvocationJobs");
  }

  @Test
  void longPathsKeepApartInTheStore() {
    String first = Sql.fitting("a".repeat(70) + "x");
    String second = Sql.fitting("a".repeat(70) + "y");

    assertThat(first).hasSize(63).isNotEqualTo(second);
    assertThat(Sql.fitting("short")).isEqualTo("short");
  }

  /** An installed program has its schema files in a jar. */
  @Test
  void filesAreFoundInAJarToo(@TempDir Path folder) throws IOException {
    Path jar = folder.resolve("program.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("catalog/"));
      out.putNextEntry(new JarEntry("catalog/job.yaml"));
      out.write(FILE.getBytes(StandardCharsets.UTF_8));
      out.putNextEntry(new JarEntry("catalog/README.md"));
    }
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      assertThat(ResourceTypes.of(loader))
          .singleElement()
          .satisfies(type -> assertThat(type).isEqualTo(SampleJobs.TYPE));
    }
  }

  private static AbstractThrowableAssert<?, ?> refused(String right, String wrong) {
    assertThat(FILE).contains(right);
    return assertThatThrownBy(() -> ResourceTypes.read("test.yaml", FILE.replace(right, wrong)))
        .isInstanceOf(SchemaFileException.class)
        .hasMessageStartingWith("test.yaml");
  }
}
