package bedload.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The IAM policies of whoever collects: what the schema files and the settings say is needed, and
 * no more.
 *
 * @param types what is collected
 * @param queues the ARNs of the queues that events are read from
 * @param roles the ARNs of the roles that are assumed
 */
public record CollectorPolicy(
    List<ResourceType> types, SortedSet<String> queues, SortedSet<String> roles) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public CollectorPolicy {
    types = List.copyOf(types);
    queues = Collections.unmodifiableSortedSet(new TreeSet<>(queues));
    roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
  }

  /** Returns the policies where no queue is read and no role assumed. */
  public static CollectorPolicy of(List<ResourceType> types) {
    return new CollectorPolicy(types, new TreeSet<>(), new TreeSet<>());
  }

  /** Returns what the one needs whose credentials a source is asked with, as JSON for IAM. */
  public String collector() {
    List<Map<String, Object>> statements = new ArrayList<>();
    SortedSet<String> actions =
        types.stream()
            .flatMap(type -> type.collect().permissions().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    // Lists know no resource, and a job's ARN is known to nobody in advance.
    statements.add(statement("BedloadCatalog", actions, "*"));
    if (!queues.isEmpty()) {
      // Messages are deleted in batches, for which IAM has no right of its own.
      statements.add(
          statement("BedloadEvents", List.of("sqs:DeleteMessage", "sqs:ReceiveMessage"), queues));
    }
    return policy(statements);
  }

  /**
   * Returns what the service needs by its own credentials to become the collector, as JSON for IAM;
   * empty if no role is assumed.
   */
  public Optional<String> service() {
    return roles.isEmpty()
        ? Optional.empty()
        : Optional.of(
            policy(List.of(statement("BedloadAssumesRole", List.of("sts:AssumeRole"), roles))));
  }

  private static Map<String, Object> statement(
      String sid, Collection<String> actions, Object resources) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Sid", sid);
    statement.put("Effect", "Allow");
    statement.put("Action", actions);
    statement.put("Resource", resources);
    return statement;
  }

  private static String policy(List<Map<String, Object>> statements) {
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("Version", "2012-10-17");
    policy.put("Statement", statements);
    return JSON.writeValueAsString(policy);
  }
}
