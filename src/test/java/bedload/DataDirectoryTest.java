package bedload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  private final RandomGenerator random = new SecureRandom();

  @TempDir private Path folder;

  @Test
  void nodeIdAndKeysAreMadeOnceAndKept() throws IOException {
    String nodeId;
    Credentials credentials;
    try (DataDirectory data = DataDirectory.open(folder.resolve("new/data"), random)) {
      nodeId = data.nodeId();
      credentials = Credentials.load(data.paths(), random);
    }
    try (DataDirectory data = DataDirectory.open(folder.resolve("new/data"), random)) {
      assertThat(data.nodeId()).isEqualTo(nodeId);
      assertThat(Credentials.load(data.paths(), random)).isEqualTo(credentials);
    }
  }

  @Test
  void keysHaveAwsFormAndAreNotInTheirText() throws IOException {
    try (DataDirectory data = DataDirectory.open(folder, random)) {
      Credentials credentials = Credentials.load(data.paths(), random);
      Credentials.AccountKeys keys = credentials.accounts().getFirst();

      assertThat(keys.account()).isEqualTo("000000000000");
      assertThat(keys.accessKeyId()).matches("BDLD[A-Z0-9]{16}");
      assertThat(keys.secretAccessKey()).matches("[A-Za-z0-9]{40}");
      assertThat(credentials.toString())
          .doesNotContain(keys.secretAccessKey())
          .doesNotContain(keys.sqlPassword())
          .doesNotContain(keys.bearerKey());
    }
  }

  @Test
  void secretsAreTheOwnersAlone() throws IOException {
    try (DataDirectory data = DataDirectory.open(folder.resolve("data"), random)) {
      Credentials.load(data.paths(), random);
      service().publish(data.paths());

      assertThat(rights(data.paths().credentials())).isEqualTo("rw-------");
      assertThat(rights(data.paths().running())).isEqualTo("rw-------");
      assertThat(rights(data.paths().logs())).isEqualTo("rwx------");
      assertThat(rights(data.paths().root())).isEqualTo("rwx--x--x");
    }
  }

  @Test
  void directoryInUseIsRefusedWithTheHoldersProcess() throws IOException {
    try (DataDirectory held = DataDirectory.open(folder, random)) {
      assertThatThrownBy(() -> DataDirectory.open(folder, random))
          .isInstanceOf(CommandFault.class)
          .hasMessageContaining(held.paths().root().toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    DataDirectory.open(folder, random).close();
  }

  @Test
  void anotherProcessFindsTheDirectoryInUse() throws Exception {
    try (DataDirectory held = DataDirectory.open(folder, random)) {
      // Our own look must not give the lock away, which POSIX would have it do.
      assertThat(DataDirectory.isInUse(held.paths())).isTrue();

      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Bedload.class.getName(),
                  "serve",
                  "--data",
                  folder.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(other.waitFor()).isEqualTo(ExitCode.UNAVAILABLE.number());
      assertThat(said)
          .contains("is in use by another bedload, process " + ProcessHandle.current().pid())
          .doesNotContain("Exception");
    }
  }

  @Test
  void fileInPlaceOfTheDirectoryIsSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> DataDirectory.open(file, random))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("is a file");
  }

  @Test
  void nearlyFullDiskIsRefused() {
    DataDirectory.checkFreeBytes(folder, DataDirectory.LEAST_FREE_BYTES);
    assertThatThrownBy(
            () -> DataDirectory.checkFreeBytes(folder, DataDirectory.LEAST_FREE_BYTES - 1))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("199 MB free")
        .hasMessageContaining("--data");
  }

  @Test
  void runningServiceIsFoundWhileItRunsAndNotAfter() throws IOException {
    RunningService service = service();
    try (DataDirectory data = DataDirectory.open(folder, random)) {
      assertThatThrownBy(() -> RunningService.find(folder)).hasMessageContaining("is starting");
      service.publish(data.paths());
      assertThat(RunningService.find(folder)).isEqualTo(service);
    }
    assertThatThrownBy(() -> RunningService.find(folder))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("bedload serve --data " + folder);
  }

  @Test
  void whatAKilledServiceLeftBehindCountsForNothing() throws IOException {
    DataPaths paths = new DataPaths(folder);
    service().publish(paths);
    assertThatThrownBy(() -> RunningService.find(folder)).hasMessageContaining("No bedload runs");
    try (DataDirectory data = DataDirectory.open(folder, random)) {
      assertThat(data.paths().running()).doesNotExist();
    }
  }

  private static RunningService service() {
    return new RunningService(
        1,
        "http://a:1",
        "http://s:2",
        "us-east-1",
        "000000000000",
        "KEY",
        "SECRET",
        "postgresql:///",
        "postgresql:///?masked");
  }

  private static String rights(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void unreadableKeysAreSaidAndLeftAlone() throws IOException {
    try (DataDirectory data = DataDirectory.open(folder, random)) {
      Files.writeString(data.paths().credentials(), "{\"accounts\": [");
      assertThatThrownBy(() -> Credentials.load(data.paths(), random))
          .isInstanceOf(CommandFault.class)
          .hasMessageContaining("credentials.json");
      assertThat(Files.readAllLines(data.paths().credentials()))
          .isEqualTo(List.of("{\"accounts\": ["));
    }
  }
}
