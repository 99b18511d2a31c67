package bedload.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The IAM policy of whoever collects: what the schema files say is needed, and no more. */
public final class CollectorPolicy {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private CollectorPolicy() {}

  /** Returns the policy for some types, as JSON that IAM takes. */
  public static String of(List<ResourceType> types) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Sid", "BedloadCatalog");
    statement.put("Effect", "Allow");
    statement.put(
        "Action",
        types.stream()
            .flatMap(type -> type.collect().permissions().stream())
            .collect(Collectors.toCollection(TreeSet::new)));
    // Lists know no resource, and a job's ARN is known to nobody in advance.
    statement.put("Resource", "*");
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("Version", "2012-10-17");
    policy.put("Statement", List.of(statement));
    return JSON.writeValueAsString(policy);
  }
}
