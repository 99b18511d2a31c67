package bedload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Isolated("What others log would stand in its files too")
class LogFileTest {
  @TempDir private Path folder;

  private List<String> logged(LogForm form) throws IOException {
    try (LogFile log = LogFile.open(folder, form)) {
      MDC.put("job", "arn:of:a:job");
      LoggerFactory.getLogger("bedload.test")
          .error("two\nlines of \"{}\"", "text", new IllegalStateException("why"));
      MDC.remove("job");
      return Files.readAllLines(log.file());
    }
  }

  @Test
  void inJsonEachEventIsOneLineWithWhatItIsAbout() throws IOException {
    List<String> lines = logged(LogForm.JSON);

    assertThat(lines).hasSize(1);
    JsonNode event = JsonMapper.shared().readTree(lines.getFirst());
    assertThat(event.path("level").asString("")).isEqualTo("ERROR");
    assertThat(event.path("formattedMessage").asString("")).isEqualTo("two\nlines of \"text\"");
    assertThat(event.path("mdc").path("job").asString("")).isEqualTo("arn:of:a:job");
    assertThat(event.path("throwable").path("message").asString("")).isEqualTo("why");
    assertThat(event.path("timestamp").asLong(0)).isPositive();
  }

  @Test
  void plainIsForPeople() throws IOException {
    assertThat(logged(LogForm.PLAIN).getFirst())
        .contains("ERROR", "bedload.test")
        .doesNotContain("{");
  }

  @Test
  void theFormIsASetting() {
    Map<String, String> variable = Map.of("BEDLOAD__LOG", "json");
    assertThat(SettingsReader.read(null, variable, Map.of()).log()).isEqualTo(LogForm.JSON);
    assertThat(SettingsReader.read(null, Map.of(), Map.of()).log()).isEqualTo(LogForm.PLAIN);
    assertThatThrownBy(() -> SettingsReader.read(null, Map.of("BEDLOAD__LOG", "xml"), Map.of()))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("BEDLOAD__LOG")
        .hasMessageContaining("plain or json");
  }
}
