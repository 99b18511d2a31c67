package bedload;

import bedload.collect.Source;
import bedload.job.AccountId;
import bedload.ledger.QueueLimits;
import bedload.model.ModelEntry;
import bedload.model.ModelMap;
import bedload.work.InputLimits;
import bedload.work.Permissions;
import bedload.work.Role;
import bedload.work.WorkRules;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a user can set of the service. What is absent gets its default here, and what
 * makes no sense is refused here; {@link SettingsReader} says where it came from.
 *
 * @param data the data directory
 * @param listen where the Bedrock API is served
 * @param region the region that ARNs and signatures name
 * @param models which model server answers for which model id; empty for the in-process model
 * @param limits how much input a job may bring
 * @param queue how many jobs run at once
 * @param roles which roles there are, and what jobs may reach under them
 * @param sources the accounts that the catalog collects from, beside this service itself
 * @param tagRules what tags every resource of the catalog is to have
 * @param testClock whether tags of a job may choose its end
 * @param events who is told of a job's steps
 */
public record Settings(
    Path data,
    HostPort listen,
    String region,
    S3 s3,
    Database database,
    List<ModelSetting> models,
    LimitsSetting limits,
    Queue queue,
    List<RoleSetting> roles,
    List<SourceSetting> sources,
    List<TagRuleSetting> tagRules,
    Boolean testClock,
    EventsSetting events) {
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
      @Nullable LimitsSetting limits,
      @Nullable Queue queue,
      @Nullable List<RoleSetting> roles,
      @Nullable List<SourceSetting> sources,
      @Nullable List<TagRuleSetting> tagRules,
      @Nullable Boolean testClock,
      @Nullable EventsSetting events) {
    this.data = data == null ? Path.of("bedload-data") : data;
    this.listen = listen == null ? new HostPort("127.0.0.1", 9470) : listen;
    this.region = region == null ? "us-east-1" : region;
    this.s3 = s3 == null ? new S3(null, null) : s3;
    this.database = database == null ? new Database(null) : database;
    this.models = models == null ? List.of() : List.copyOf(models);
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
    this.events = events == null ? EventsSetting.NONE : events;
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

  /**
   * Returns the accounts whose rows an account's users may see.
   *
   * @param first the account that sees what no setting says who may see
   */
  Set<String> readableBy(AccountId viewer, AccountId first) {
    Set<String> readable = new TreeSet<>(Set.of(viewer.value()));
    for (SourceSetting setting : sources) {
      List<AccountId> readers = setting.readers().isEmpty() ? List.of(first) : setting.readers();
      if (readers.contains(viewer)) {
        readable.add(setting.account().value());
      }
    }
    return readable;
  }

  /**
   * The object store of jobs.
   *
   * @param listen where the embedded endpoint is served; of no effect if {@code endpoint} is given
   * @param endpoint the URL of an S3-compatible store, AWS's among them, that is used with the
   *     process's own AWS credentials; null for the embedded one
   */
  public record S3(HostPort listen, @Nullable URI endpoint) {
    public S3(@Nullable HostPort listen, @Nullable URI endpoint) {
      this.listen = listen == null ? new HostPort("127.0.0.1", 9471) : listen;
      this.endpoint = endpoint;
      if (endpoint != null
          && !"http".equals(endpoint.getScheme())
          && !"https".equals(endpoint.getScheme())) {
        throw new IllegalArgumentException(
            "an http or https URL is wanted for endpoint, this is '" + endpoint + "'");
      }
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

  /** Returns what jobs are held to. */
  WorkRules workRules() {
    return new WorkRules(
        limits.limits(),
        queue.limits(),
        new Permissions(roles.stream().map(RoleSetting::role).toList(), s3.endpoint() != null),
        testClock);
  }

  /** Returns the model map: what was set, or else the in-process model. */
  public List<ModelEntry> modelEntries() {
    return models.isEmpty()
        ? ModelMap.DEFAULT_ENTRIES
        : models.stream().map(ModelSetting::entry).toList();
  }
}
