package bedload.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The catalog: takes observations of resources and keeps them as tables. Safe for many threads. */
public final class Catalog {
  private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

  private final Jdbi jdbi;
  private final Map<String, ResourceType> types;
  private final Map<String, RowWriter> writers;
  private final Readers readers;
  private final TagRules tagRules;

  private Catalog(Jdbi jdbi, List<ResourceType> types, Readers readers, TagRules tagRules) {
    this.jdbi = jdbi;
    this.types =
        types.stream().collect(Collectors.toUnmodifiableMap(ResourceType::table, type -> type));
    this.writers =
        types.stream().collect(Collectors.toUnmodifiableMap(ResourceType::table, RowWriter::new));
    this.readers = readers;
    this.tagRules = tagRules;
  }

  /**
   * Brings the database in line with the schema files and returns the catalog on it. Several nodes
   * may do so at once.
   *
   * @throws SchemaFileException if a file wants what cannot be done without losing what is stored
   */
  public static Catalog open(Jdbi jdbi, List<ResourceType> types) {
    Readers readers = Readers.prepare(jdbi);
    List<String> applied = new CatalogSchema(jdbi).apply(types, readers.areThere());
    if (!applied.isEmpty()) {
      LOG.info("Tables made or changed as their schema files say: {}", applied);
    }
    TagRules tagRules = new TagRules(jdbi, types);
    tagRules.show(readers.areThere());
    return new Catalog(jdbi, types, readers, tagRules);
  }

  /** Puts rules for tags in the place of those that there were; no two are about one key. */
  public void ruleTags(List<TagRule> rules) {
    tagRules.replace(rules);
  }

  /**
   * Returns the type of a table.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public ResourceType type(String table) {
    ResourceType type = types.get(table);
    if (type == null) {
      throw new IllegalArgumentException(
          "There is no table %s; there are %s".formatted(table, types.keySet()));
    }
    return type;
  }

  /**
   * Writes an observation as part of the caller's transaction. Written twice, it is written once.
   *
   * @throws IllegalArgumentException if the document does not fit the type
   */
  public Recorded record(Handle handle, ResourceObservation observation) {
    return recordAll(handle, List.of(observation)).onlyOne();
  }

  /**
   * Writes observations of one type, in their order, as part of the caller's transaction. Written
   * twice, they are written once.
   *
   * @throws IllegalArgumentException if a document does not fit the type
   */
  public RecordedCounts recordAll(Handle handle, List<ResourceObservation> observations) {
    return rows(observations).write(handle);
  }

  /**
   * Returns observations of one type as they go to the database. That needs no database: what is to
   * be written can be made ready while it writes something else.
   *
   * @throws IllegalArgumentException if a document does not fit the type
   */
  public ResourceRows rows(List<ResourceObservation> observations) {
    return observations.isEmpty()
        ? ResourceRows.NONE
        : writer(observations.getFirst().type()).rows(observations);
  }

  private RowWriter writer(ResourceType type) {
    RowWriter writer = writers.get(type.table());
    if (writer == null) {
      throw new IllegalArgumentException(
          "There is no table %s; there are %s".formatted(type.table(), types.keySet()));
    }
    return writer;
  }

  /** Returns every type, by table. */
  public List<ResourceType> types() {
    return types.values().stream().sorted(Comparator.comparing(ResourceType::table)).toList();
  }

  /** Returns what is known of resources of a type that have not come to rest. */
  public Unfinished unfinished(ResourceType type) {
    return new Unfinished(jdbi, type);
  }

  /**
   * Writes an observation in a transaction of its own. Written twice, it is written once.
   *
   * @throws IllegalArgumentException if the document does not fit the type
   */
  public Recorded record(ResourceObservation observation) {
    return jdbi.inTransaction(handle -> record(handle, observation));
  }

  /**
   * Lets an account's users log in to read the account's own rows, or sets a new password.
   *
   * @param account twelve digits
   */
  public Admission admit(String account, String password) {
    return admit(account, Right.of(Set.of(account), Set.of(account)), password);
  }

  /**
   * Lets people log in with one of an account's roles, or sets a new password.
   *
   * @param account twelve digits
   * @param right which role that is: what it may see
   */
  public Admission admit(String account, Right right, String password) {
    return readers.admit(account, right, password);
  }
}
