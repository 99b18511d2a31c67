package bedload.collect;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.catalog.CollectPlan;
import bedload.catalog.Column;
import bedload.catalog.ColumnType;
import bedload.catalog.Origin;
import bedload.catalog.ResourceType;
import bedload.catalog.ResourceTypes;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;

/**
 * Holds the schema files against the SDK's own account of operations and members. A newer SDK that
 * knows more makes this fail, and says what is to be added to the file.
 */
class SchemaDriftTest {
  private final List<String> drift = new ArrayList<>();

  static List<ResourceType> types() {
    return ResourceTypes.builtIn();
  }

  @ParameterizedTest
  @MethodSource("types")
  void fileSaysWhatTheSdkSays(ResourceType type) {
    check(type);
    assertThat(drift).as(type.table()).isEmpty();
  }

  @Test
  void driftIsNamed() {
    ResourceType job =
        types().stream()
            .filter(type -> type.table().endsWith("invocation_job"))
            .findFirst()
            .orElseThrow();
    List<Column> columns =
        job.columns().stream()
            .filter(column -> !column.name().equals("end_time"))
            .map(SchemaDriftTest::wrongly)
            .toList();
    check(
        new ResourceType(
            job.table(),
            job.ddsqlTable(),
            job.title(),
            job.summary(),
            job.key(),
            job.displayName(),
            job.terminal(),
            job.leftOut(),
            columns,
            job.relations(),
            job.collect(),
            job.examples()));

    assertThat(drift)
        .contains(
            "GetModelInvocationJob has a member endTime of type Instant that no column shows",
            "GetModelInvocationJob has no member massage for column message",
            "GetModelInvocationJob has a member message of type String that no column shows",
            "timeoutDurationInHours of GetModelInvocationJob is a Integer, column timeout_duration_in_hours a BOOLEAN");
  }

  private static Column wrongly(Column column) {
    return switch (column) {
      case Column.Leaf leaf when leaf.name().equals("message") ->
          new Column.Leaf(
              leaf.name(),
              leaf.type(),
              new Origin.Member("massage"),
              leaf.description(),
              leaf.values(),
              leaf.marks());
      case Column.Leaf leaf when leaf.name().equals("timeout_duration_in_hours") ->
          new Column.Leaf(
              leaf.name(),
              ColumnType.BOOLEAN,
              leaf.origin(),
              leaf.description(),
              leaf.values(),
              leaf.marks());
      case Column.Leaf leaf -> leaf;
      case Column.Struct struct -> struct;
    };
  }

  private void check(ResourceType type) {
    CollectPlan plan = type.collect();
    String list = plan.list().operation();
    plan.list()
        .paging()
        .ifPresent(
            paging -> {
              requestHas(plan, list, paging.sizeMember());
              requestHas(plan, list, paging.requestToken());
            });
    plan.list().filters().forEach(filter -> requestHas(plan, list, filter.member()));
    plan.incremental()
        .ifPresent(
            how -> {
              requestHas(plan, list, how.member());
              how.order().keySet().forEach(member -> requestHas(plan, list, member));
            });
    plan.tags()
        .map(CollectPlan.Tagging::call)
        .ifPresent(call -> requestHas(plan, call.operation(), call.member()));
    plan.get()
        .map(CollectPlan.Lookup::call)
        .ifPresent(call -> requestHas(plan, call.operation(), call.member()));

    SdkPojo answer = answer(plan.service(), list);
    Map<String, SdkField<?>> members = fields(answer);
    SdkField<?> items = members.get(plan.list().items());
    if (items == null) {
      drift.add("%s answers without %s".formatted(list, plan.list().items()));
      return;
    }
    plan.get()
        .map(CollectPlan.Lookup::call)
        .ifPresent(
            call ->
                compare(
                    call.operation(),
                    answer(plan.service(), call.operation()),
                    type.columns(),
                    type.leftOut(),
                    true));
    if (plan.get().filter(CollectPlan.Lookup::forEach).isEmpty()) {
      SdkField<?> element = items.getTrait(ListTrait.class).memberFieldInfo();
      SdkPojo item = element.constructor().get();
      compare(list, item, type.columns(), type.leftOut(), true);
    }
  }

  private void requestHas(CollectPlan plan, String operation, String member) {
    try {
      Object builder =
          SdkProvider.method(plan.service(), operation)
              .getParameterTypes()[0]
              .getMethod("builder")
              .invoke(null);
      if (!fields((SdkPojo) builder).containsKey(member)) {
        drift.add("%s takes no member %s".formatted(operation, member));
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static SdkPojo answer(String service, String operation) {
    Method method = SdkProvider.method(service, operation);
    try {
      return (SdkPojo) method.getReturnType().getMethod("builder").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static Map<String, SdkField<?>> fields(SdkPojo pojo) {
    return pojo.sdkFields().stream()
        .collect(Collectors.toMap(SdkField::locationName, field -> field));
  }

  private void compare(
      String operation,
      SdkPojo document,
      List<Column> columns,
      List<String> leftOut,
      boolean isWhole) {
    Map<String, SdkField<?>> members = fields(document);
    List<String> shown = new ArrayList<>(leftOut);
    for (Column column : columns) {
      if (column.origin() instanceof Origin.Member(String name)) {
        shown.add(name);
        SdkField<?> field = members.get(name);
        if (field == null) {
          drift.add("%s has no member %s for column %s".formatted(operation, name, column.name()));
        } else {
          compare(operation, name, field, column);
        }
      }
    }
    if (isWhole) {
      members.forEach(
          (name, field) -> {
            if (!shown.contains(name)) {
              drift.add(
                  "%s has a member %s of type %s that no column shows"
                      .formatted(operation, name, field.marshallingType()));
            }
          });
    }
  }

  private void compare(String operation, String name, SdkField<?> field, Column column) {
    MarshallingType<?> type = field.marshallingType();
    boolean fits =
        switch (column) {
          case Column.Struct _ -> type.equals(MarshallingType.SDK_POJO);
          case Column.Leaf leaf ->
              switch (leaf.type()) {
                case STRING -> type.equals(MarshallingType.STRING);
                case TIMESTAMP -> type.equals(MarshallingType.INSTANT);
                case INT32 -> type.equals(MarshallingType.INTEGER);
                case INT64 -> type.equals(MarshallingType.LONG);
                case BOOLEAN -> type.equals(MarshallingType.BOOLEAN);
                case UNORDERED_LIST_STRING -> type.equals(MarshallingType.LIST);
              };
        };
    if (!fits) {
      drift.add(
          "%s of %s is a %s, column %s a %s"
              .formatted(name, operation, type, column.name(), column.documentedType()));
    }
    if (fits && column instanceof Column.Struct struct) {
      // What a structure has beside is not told: a job that reads logs has no place for it here.
      compare(operation, field.constructor().get(), struct.fields(), List.of(), false);
    }
  }
}
