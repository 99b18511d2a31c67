package bedload.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The documented table in time: every version that a resource had, every move of its status, the
 * table as it was at a moment, and when each row was last seen.
 */
final class TimeViews {
  /** What the history says of a version; no documented column may be called so. */
  static final List<String> OF_VERSION = List.of("revision", "valid_from", "valid_to", "changed");

  private final ResourceType type;
  private final StoreTable store;
  private final CatalogView view;

  TimeViews(ResourceType type, StoreTable store, CatalogView view) {
    this.type = type;
    this.store = store;
    this.view = view;
  }

  /** Returns the qualified names of the views. */
  List<String> names() {
    return List.of(history(), events(), provenance(), atTheMoment());
  }

  /** Returns the statements that make them, after the documented view. */
  List<String> create() {
    List<String> statements = new ArrayList<>();
    statements.addAll(createHistory());
    statements.addAll(createEvents());
    statements.addAll(createProvenance());
    statements.addAll(createAsOf());
    return statements;
  }

  /** Returns the statements that take them away, before the documented view goes. */
  List<String> drop() {
    return List.of(
        "drop view if exists " + atTheMoment(),
        "drop function if exists " + asOf() + "(timestamptz)",
        "drop view if exists " + provenance(),
        "drop view if exists " + events(),
        "drop view if exists " + history());
  }

  private String history() {
    return sibling("_history");
  }

  private String events() {
    return sibling("_events");
  }

  private String provenance() {
    return sibling("_provenance");
  }

  private String asOf() {
    return sibling("_as_of");
  }

  private String atTheMoment() {
    return "catalog_as_of." + Sql.name(type.table());
  }

  private String sibling(String ending) {
    return CatalogView.SCHEMA + Sql.name(Sql.fitting(type.table() + ending));
  }

  private List<String> createHistory() {
    List<ShownColumn> columns = new ArrayList<>();
    columns.add(
        new ShownColumn("_revision", "revision", "Counts the versions of a resource from 1."));
    columns.add(new ShownColumn("_valid_from", "valid_from", "When the resource became so."));
    columns.add(
        new ShownColumn(
            "_valid_to", "valid_to", "When it became otherwise. Null in the version that stands."));
    columns.add(
        new ShownColumn(
            "_changed",
            "changed",
            "The columns that differ from the version before; a field of a STRUCT by its dotted path. Null in the first version."));
    columns.addAll(view.columns());
    return create(
        history(),
        "Every version that a row of %s ever had".formatted(type.table()),
        columns,
        store.versions());
  }

  private List<String> createEvents() {
    StoredColumn status = type.statusColumn();
    String now = Sql.name(status.name());
    String ofResource =
        "partition by %s order by _revision"
            .formatted(
                type.keyColumns().stream()
                    .map(column -> Sql.name(column.name()))
                    .collect(Collectors.joining(", ")));
    List<ShownColumn> columns =
        new ArrayList<>(view.columns().stream().filter(column -> names(column.name())).toList());
    String name = status.leaf().name();
    columns.add(new ShownColumn("_valid_from", "at", "When it moved."));
    columns.add(
        new ShownColumn(
            "lag(%s) over (%s)".formatted(now, ofResource),
            "old_" + name,
            "What it was until then. Null at first sight."));
    columns.add(new ShownColumn(now, "new_" + name, "What it was from then on."));
    columns.add(
        new ShownColumn(
            "lead(_valid_from) over (%s) - _valid_from".formatted(ofResource),
            "lasted",
            "How long it stayed so. Null while it does."));
    return create(
        events(),
        "Every move of %s in %s".formatted(status.dotted(), type.table()),
        columns,
        "%s\n where _changed is null\n    or %s = any(_changed)"
            .formatted(store.versions(), Sql.literal(status.dotted())));
  }

  private List<String> createProvenance() {
    List<ShownColumn> columns =
        new ArrayList<>(view.columns().stream().filter(column -> names(column.name())).toList());
    columns.add(new ShownColumn("_region", "region", "The region that it was seen in."));
    columns.add(
        new ShownColumn(
            "coalesce(_source, 'bedload')",
            "source",
            "What told of it: bedload for this service itself, aws, or the URL of another service."));
    columns.add(
        new ShownColumn(
            "_tag_map", "tag_map", "The tags by key, for keys that hold a colon themselves."));
    columns.add(new ShownColumn("_revision", "revision", "How many versions it has had."));
    columns.add(new ShownColumn("_first_seen_at", "first_seen_at", "When it was first seen."));
    columns.add(
        new ShownColumn("_observed_at", "observed_at", "When its source last said how it stands."));
    return create(
        provenance(),
        "Where and when each row of %s was seen".formatted(type.table()),
        columns,
        store.current());
  }

  /** Says whether a column tells which resource a row is about. */
  private boolean names(String column) {
    return type.key().contains(column)
        || column.equals(type.displayName())
        || column.equals(type.columnFrom(Origin.Account.class).name());
  }

  private List<String> createAsOf() {
    String function =
        """
        create function %s(moment timestamptz)
        returns setof %s
        language sql
        stable
        parallel safe
        as %s
        """
            .formatted(
                asOf(),
                view.name(),
                Sql.literal(
                    """
                    select %s
                      from %s
                     where valid_from <= moment
                       and (valid_to is null or valid_to > moment)
                    """
                        .formatted(
                            view.columns().stream()
                                .map(column -> Sql.name(column.name()))
                                .collect(Collectors.joining(", ")),
                            history())));
    String comment =
        "comment on function %s(timestamptz) is %s"
            .formatted(asOf(), Sql.literal("The rows of %s at a moment".formatted(type.table())));
    List<ShownColumn> columns =
        view.columns().stream()
            .map(
                column ->
                    new ShownColumn(Sql.name(column.name()), column.name(), column.description()))
            .toList();
    String asked =
        "%s(coalesce(nullif(current_setting('catalog.as_of', true), '')::timestamptz, 'infinity'))"
            .formatted(asOf());
    return Stream.concat(
            Stream.of(function, comment),
            create(atTheMoment(), type.summary(), columns, asked).stream())
        .toList();
  }

  private static List<String> create(
      String name, String description, List<ShownColumn> columns, String from) {
    String create =
        """
        create view %s with (security_invoker = true) as
        select %s
          from %s
        """
            .formatted(name, ShownColumn.list(columns), from);
    return Stream.concat(Stream.of(create), ShownColumn.comments(name, description, columns))
        .toList();
  }
}
