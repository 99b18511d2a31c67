package bedload.object.awssdk;

import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The form in which headers and metadata stand in their columns. */
final class HeadersJson {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private HeadersJson() {}

  static String write(Map<String, String> texts) {
    return JSON.writeValueAsString(texts);
  }

  static ContentHeaders read(String system, String user) {
    return new ContentHeaders(JSON.readValue(system, TEXTS), JSON.readValue(user, TEXTS));
  }
}
