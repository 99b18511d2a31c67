package bedload;

import bedload.catalog.CollectorPolicy;
import bedload.catalog.ResourceType;
import bedload.catalog.Right;
import bedload.collect.EventsQueue;
import bedload.collect.Source;
import bedload.collect.SourceAccess;
import bedload.job.AccountId;
import bedload.ledger.QueueLimits;
import bedload.model.ModelEntry;
import bedload.model.ModelMap;
import bedload.model.http.ConnectionRules;
import bedload.work.InputLimits;
import bedload.work.Node;
import bedload.work.Permissions;
import bedload.work.Role;
import bedload.work.WorkRules;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a user can set of the service. What is absent gets its default here, and what
 * makes no sense is refused here; {@link SettingsReader} says where it came from.
 *
 * @param data the data directory
 * @param listen where the Bedrock API is served
 * @param region the region that ARNs and signatures name
 * @param models which model server answers for which model id; empty for the in-process model
 * @param modelConnections how long connections to model servers are kept
 * @param longestFirst whether records that seem to take longest are called first
 * @param limits how much input a job may bring
 * @param queue how many jobs run at once
 * @param roles which roles there are, and what jobs may reach under them
 * @param sources the accounts that the catalog collects from, beside this service itself
 * @param tagRules what tags every resource of the catalog is to have
 * @param testClock whether tags of a job may choose its end
 * @param events who is told of a job's steps
 * @param changes who is told of changes of the catalog
 * @param log how the log is written
 * @param role what this process does of a service of several
 * @param drainSeconds how long an end waits for the answers of calls in flight
 */
public record Settings(
    Path data,
    HostPort listen,
    String region,
    S3 s3,
    Database database,
    List<ModelSetting> models,
    ModelConnections modelConnections,
    Boolean longestFirst,
    LimitsSetting limits,
    Queue queue,
    List<RoleSetting> roles,
    List<SourceSetting> sources,
    List<TagRuleSetting> tagRules,
    Boolean testClock,
    EventsSetting events,
    List<ChangesSetting> changes,
    LogForm log,
    NodeRole role,
    Integer drainSeconds) {
  private static final int LONGEST_DRAIN_SECONDS = 3600;
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,20}");

  // What YAML leaves out arrives as null, whatever the type says.
  @SuppressWarnings("ConstantValue")
  public Settings(
      @Nullable Path data,
      @Nullable HostPort listen,
      @Nullable String region,
      @Nullable S3 s3,
      @Nullable Database database,
      @Nullable List<ModelSetting> models,
      @Nullable ModelConnections modelConnections,
      @Nullable Boolean longestFirst,
      @Nullable LimitsSetting limits,
      @Nullable Queue queue,
      @Nullable List<RoleSetting> roles,
      @Nullable List<SourceSetting> sources,
      @Nullable List<TagRuleSetting> tagRules,
      @Nullable Boolean testClock,
      @Nullable EventsSetting events,
      @Nullable List<ChangesSetting> changes,
      @Nullable LogForm log,
      @Nullable NodeRole role,
      @Nullable Integer drainSeconds) {
    this.data = data == null ? Path.of("bedload-data") : data;
    this.listen = listen == null ? new HostPort("127.0.0.1", 9470) : listen;
    this.region = region == null ? "us-east-1" : region;
    this.s3 = s3 == null ? new S3(null, null, null, null, null) : s3;
    this.database = database == null ? new Database(null) : database;
    this.models = models == null ? List.of() : List.copyOf(models);
    this.modelConnections =
        modelConnections == null ? new ModelConnections(ConnectionRules.DEFAULT) : modelConnections;
    this.longestFirst = longestFirst == null || longestFirst;
    this.limits = limits == null ? new LimitsSetting(InputLimits.OPEN) : limits;
    this.queue = queue == null ? new Queue(null, null) : queue;
    this.roles = roles == null ? List.of(new RoleSetting(Role.ANY)) : List.copyOf(roles);
    this.sources = sources == null ? List.of() : List.copyOf(sources);
    this.tagRules = tagRules == null ? List.of() : List.copyOf(tagRules);
    if (this.tagRules.stream().map(tag -> tag.rule().key()).distinct().count()
        < this.tagRules.size()) {
      throw new IllegalArgumentException("tag-rules has two rules for one key");
    }
    this.testClock = testClock != null && testClock;
    this.log = log == null ? LogForm.PLAIN : log;
    this.events = events == null ? EventsSetting.NONE : events;
    this.changes = changes == null ? List.of() : List.copyOf(changes);
    if (this.changes.stream().map(ChangesSetting::name).distinct().count() < this.changes.size()) {
      throw new IllegalArgumentException("changes has two entries of one name");
    }
    this.role = role == null ? NodeRole.ALL : role;
    this.drainSeconds = drainSeconds == null ? (int) Node.DEFAULT_DRAIN.toSeconds() : drainSeconds;
    requireThatOthersCanReach();
    requireRegion(this.region);
    requireEachSourceOnce(this.sources);
  }

  /**
   * Returns the name of a region.
   *
   * @throws IllegalArgumentException if no region can be called so
   */
  static String requireRegion(String region) {
    if (!REGION.matcher(region).matches()) {
      throw new IllegalArgumentException(
          "a region's name is up to 20 of a-z, 0-9 and '-', this is '" + region + "'");
    }
    return region;
  }

  private static void requireEachSourceOnce(List<SourceSetting> settings) {
    Set<String> seen = new HashSet<>();
    for (SourceSetting setting : settings) {
      for (Source source : setting.sources()) {
        if (!seen.add(source.account().value() + " in " + source.region())) {
          throw new IllegalArgumentException(
              "sources: account %s in %s is named twice"
                  .formatted(source.account().value(), source.region()));
        }
      }
    }
  }

  /** Returns every account in every region that the catalog collects from. */
  List<Source> allSources() {
    return sources.stream().flatMap(setting -> setting.sources().stream()).toList();
  }

  /** Returns every queue that events of collected accounts wait in. */
  List<EventsQueue> eventsQueues() {
    return sources.stream()
        .flatMap(setting -> Stream.ofNullable(setting.queue()))
        .distinct()
        .toList();
  }

  /**
   * Returns what an account's users may see: their own rows, and those of collected accounts that
   * the settings give them.
   *
   * @param first the account that sees what no setting says who may see
   */
  Right rightOf(AccountId viewer, AccountId first) {
    Set<String> readable = new TreeSet<>(Set.of(viewer.value()));
    Set<String> unmasked = new TreeSet<>(readable);
    for (SourceSetting setting : sources) {
      if (setting.isReadBy(viewer, first)) {
        readable.add(setting.account().value());
        if (setting.isUnmaskedFor(viewer)) {
          unmasked.add(setting.account().value());
        }
      }
    }
    return Right.of(readable, unmasked);
  }

  /** Returns what IAM has to allow for the sources of one account; null for those of every one. */
  public CollectorPolicy policyFor(@Nullable String account, List<ResourceType> types) {
    return policy(types, setting -> account == null || setting.account().value().equals(account));
  }

  /** Returns what IAM has to allow for the sources whose rows an account's users may see. */
  CollectorPolicy policySeenBy(AccountId viewer, AccountId first, List<ResourceType> types) {
    return policy(types, setting -> setting.isReadBy(viewer, first));
  }

  private CollectorPolicy policy(List<ResourceType> types, Predicate<SourceSetting> isMeant) {
    SortedSet<String> queues = new TreeSet<>();
    SortedSet<String> roles = new TreeSet<>();
    for (SourceSetting setting : sources.stream().filter(isMeant).toList()) {
      EventsQueue queue = setting.queue();
      if (queue != null) {
        queues.add(queue.arn());
      }
      if (setting.sources().getFirst().access() instanceof SourceAccess.Role role) {
        roles.add(role.arn());
      }
    }
    return new CollectorPolicy(types, queues, roles);
  }

  private void requireThatOthersCanReach() {
    if (role != NodeRole.ALL && database.url() == null) {
      throw new IllegalArgumentException(
          "role %s is for a service of several nodes, which needs a database that all of them reach: give database.url"
              .formatted(role.settingName()));
    }
    if (role == NodeRole.WORKER && s3.endpoint() == null) {
      throw new IllegalArgumentException(
          "role worker needs an S3 that all nodes reach: give s3.endpoint; the embedded S3 of the node that takes calls is one");
    }
    if (drainSeconds < 0 || drainSeconds > LONGEST_DRAIN_SECONDS) {
      throw new IllegalArgumentException(
          "drain-seconds are from 0 to %d, not %d".formatted(LONGEST_DRAIN_SECONDS, drainSeconds));
    }
  }

  /** Returns how long an end waits for the answers of calls in flight. */
  public Duration drain() {
    return Duration.ofSeconds(drainSeconds);
  }

  /**
   * The object store of jobs.
   *
   * @param listen where the embedded endpoint is served; of no effect if {@code endpoint} is given
   * @param domains names of the embedded endpoint under which a bucket may be part of the host's
   *     name, as {@code bucket.s3.example}
   * @param endpoint the URL of an S3-compatible store, AWS's among them, that is used with the
   *     process's own AWS credentials; null for the embedded one
   * @param sts where STS is spoken; null for AWS's own of the region
   * @param assumeRoles whether a job reads and writes with its role, assumed by STS, and not with
   *     the process's own credentials; null: if the endpoint is AWS's, or sts is given
   */
  public record S3(
      HostPort listen,
      List<String> domains,
      @Nullable URI endpoint,
      @Nullable URI sts,
      @Nullable Boolean assumeRoles) {
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*");
    private static final Pattern AWS_HOST = Pattern.compile("(.*\\.)?amazonaws\\.com(\\.cn)?");

    public S3(
        @Nullable HostPort listen,
        @Nullable List<String> domains,
        @Nullable URI endpoint,
        @Nullable URI sts,
        @Nullable Boolean assumeRoles) {
      this.listen = listen == null ? new HostPort("127.0.0.1", 9471) : listen;
      this.domains =
          domains == null ? List.of() : domains.stream().map(S3::domain).distinct().toList();
      this.endpoint = endpoint;
      if (endpoint != null
          && !"http".equals(endpoint.getScheme())
          && !"https".equals(endpoint.getScheme())) {
        throw new IllegalArgumentException(
            "an http or https URL is wanted for endpoint, this is '" + endpoint + "'");
      }
      this.sts = sts;
      this.assumeRoles = assumeRoles;
      if (endpoint == null && assumesRoles()) {
        throw new IllegalArgumentException(
            "roles can be assumed for another S3 only: set endpoint, or leave out sts and assume-roles");
      }
    }

    private static String domain(String name) {
      String domain = name.toLowerCase(Locale.ROOT);
      if (!DOMAIN.matcher(domain).matches()) {
        throw new IllegalArgumentException(
            "a host's name without scheme, port and bucket is wanted in domains, such as s3.example.internal, this is '%s'"
                .formatted(name));
      }
      return domain;
    }

    /** Says whether jobs read and write with their own roles. */
    boolean assumesRoles() {
      if (assumeRoles != null) {
        return assumeRoles;
      }
      String host = endpoint == null ? null : endpoint.getHost();
      return sts != null || (host != null && AWS_HOST.matcher(host).matches());
    }
  }

  /**
   * The database.
   *
   * @param url of a PostgreSQL 15 or newer; null for the embedded one
   */
  public record Database(@Nullable String url) {
    @Override
    public String toString() {
      return "Database[url=" + (url == null ? "embedded" : "given") + "]"; // it may hold a password
    }
  }

  /** How many jobs run at once, in settings as per-account and per-model; the others wait. */
  public record Queue(QueueLimits limits) {
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    Queue(
        @JsonProperty("per-account") @Nullable Integer perAccount,
        @JsonProperty("per-model") @Nullable Integer perModel) {
      this(
          new QueueLimits(
              perAccount == null ? QueueLimits.DEFAULT.runningPerAccount() : perAccount,
              perModel == null ? QueueLimits.DEFAULT.runningPerModel() : perModel));
    }
  }

  /**
   * How long connections to model servers are kept, in settings as idle-seconds and life-seconds.
   */
  public record ModelConnections(ConnectionRules rules) {
    private static final int LONGEST_SECONDS = 24 * 3600;

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    ModelConnections(
        @JsonProperty("idle-seconds") @Nullable Double idleSeconds,
        @JsonProperty("life-seconds") @Nullable Double lifeSeconds) {
      this(
          new ConnectionRules(
              duration("idle-seconds", idleSeconds, ConnectionRules.DEFAULT.longestRest()),
              duration("life-seconds", lifeSeconds, ConnectionRules.DEFAULT.longestLife())));
    }

    private static Duration duration(String name, @Nullable Double seconds, Duration otherwise) {
      if (seconds == null) {
        return otherwise;
      }
      if (!(seconds >= 0 && seconds <= LONGEST_SECONDS)) {
        throw new IllegalArgumentException(
            "%s are from 0 to %d, not %s".formatted(name, LONGEST_SECONDS, seconds));
      }
      return Duration.ofMillis(Math.round(seconds * 1000));
    }
  }

  /** Returns what jobs are held to. */
  WorkRules workRules() {
    return new WorkRules(
        limits.limits(),
        queue.limits(),
        new Permissions(roles.stream().map(RoleSetting::role).toList(), s3.endpoint() != null),
        testClock,
        longestFirst);
  }

  /** Returns the model map: what was set, or else the in-process model. */
  public List<ModelEntry> modelEntries() {
    return models.isEmpty()
        ? ModelMap.DEFAULT_ENTRIES
        : models.stream().map(ModelSetting::entry).toList();
  }
}
