package bedload.model;

import bedload.job.Price;
import bedload.model.body.Droppable;
import bedload.model.body.Family;
import bedload.model.body.ServerKind;
import bedload.model.http.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of the model map: which model ids go to which backend.
 *
 * @param pattern a model id, or one with {@code *} for any run of characters
 * @param family the body that the models take; null if it follows from the id
 * @param lenient what may be dropped of a body, because the server cannot do it
 * @param price null if nobody said what tokens cost
 * @param spill null if nothing goes elsewhere when time runs short
 * @param rates what the backend may be asked in a minute, by all nodes together
 */
public record ModelEntry(
    String pattern,
    Backend backend,
    @Nullable Family family,
    Set<Droppable> lenient,
    @Nullable Price price,
    @Nullable Spill spill,
    Rates rates) {
  private static final String FORM =
      "a model is given as ID=URL#SERVED, for example meta.llama3-2=http://127.0.0.1:11434/v1#llama3.2";

  /** Makes an entry that drops nothing and has no price. */
  public ModelEntry(String pattern, Backend backend, @Nullable Family family) {
    this(pattern, backend, family, Set.of(), null, null);
  }

  /** Makes an entry without a limit of requests and tokens a minute. */
  public ModelEntry(
      String pattern,
      Backend backend,
      @Nullable Family family,
      Set<Droppable> lenient,
      @Nullable Price price,
      @Nullable Spill spill) {
    this(pattern, backend, family, lenient, price, spill, Rates.NONE);
  }

  public ModelEntry {
    lenient = Set.copyOf(lenient);
    if (backend instanceof InProcessEmbedding && family != null && !family.embeds()) {
      throw new IllegalArgumentException(
          "The in-process model embeds, and takes no bodies of the family " + family.wireName());
    }
    if (pattern.isBlank() || !pattern.equals(pattern.strip())) {
      throw new IllegalArgumentException("A model's id cannot be empty or have space around it");
    }
    boolean isTranslated = backend instanceof Server || backend instanceof Replicas;
    if (isTranslated && family == null && !pattern.contains("*")) {
      familyOf(pattern, null);
    }
  }

  /** What answers. */
  public sealed interface Backend
      permits Server, Replicas, BedrockBackend, InProcessEmbedding, Echo {}

  /**
   * An OpenAI-compatible server.
   *
   * @param url the base, to which chat/completions is added; it often ends in /v1
   * @param served the server's own name for the model
   * @param key null if the server asks for none
   * @param deadline for a whole call, from the connection to the last byte of the answer
   * @param initialInFlight how many calls are made at once before anything is known
   * @param maxInFlight the most calls that are made at once, by all nodes together
   * @param kind which server it is
   */
  public record Server(
      URI url,
      String served,
      @Nullable ApiKey key,
      Duration deadline,
      int initialInFlight,
      int maxInFlight,
      ServerKind kind)
      implements Backend {
    /** A long answer of a large model on a busy server takes minutes. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(10);

    private static final Duration LONGEST = Duration.ofHours(24);

    /**
     * Enough to be at a large server's end within a few calls' time, and not so many that a small
     * one lets them wait past their deadline.
     */
    public static final int DEFAULT_INITIAL_IN_FLIGHT = 32;

    /** Beyond this a server that queues only queues. */
    public static final int DEFAULT_MAX_IN_FLIGHT = 1024;

    public Server {
      var _ = Origin.of(url);
      if (url.getRawQuery() != null || url.getRawFragment() != null || url.getUserInfo() != null) {
        throw new IllegalArgumentException(
            "The URL of a model server has no user, query or fragment; a key goes into a file or an environment variable");
      }
      if (served.isBlank()) {
        throw new IllegalArgumentException(
            "The model server at %s needs a name for the model".formatted(url));
      }
      requireTerms(deadline, initialInFlight, maxInFlight);
    }

    /**
     * Checks on which terms a backend is called.
     *
     * @throws IllegalArgumentException if nothing can be called on them
     */
    static void requireTerms(Duration deadline, int initialInFlight, int maxInFlight) {
      if (deadline.compareTo(Duration.ofMillis(1)) < 0 || deadline.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "The deadline of a call has to be from 1 ms to 24 h, this is " + deadline);
      }
      if (initialInFlight < 1 || maxInFlight < initialInFlight) {
        throw new IllegalArgumentException(
            "Calls in flight need 1 <= initial <= max, not initial %d and max %d"
                .formatted(initialInFlight, maxInFlight));
      }
    }

    /** Makes a server of which nobody said which it is. */
    public Server(
        URI url,
        String served,
        @Nullable ApiKey key,
        Duration deadline,
        int initialInFlight,
        int maxInFlight) {
      this(url, served, key, deadline, initialInFlight, maxInFlight, ServerKind.ANY);
    }

    /** Returns a server with everything but its place as it is by default. */
    public static Server at(URI url, String served) {
      return new Server(
          url, served, null, DEFAULT_DEADLINE, DEFAULT_INITIAL_IN_FLIGHT, DEFAULT_MAX_IN_FLIGHT);
    }

    /** Returns this server with another deadline of a call. */
    public Server within(Duration deadline) {
      return new Server(url, served, key, deadline, initialInFlight, maxInFlight, kind);
    }

    /** Returns this server with other numbers of calls at once. */
    public Server inFlight(int initial, int max) {
      return new Server(url, served, key, deadline, initial, max, kind);
    }
  }

  /**
   * Several servers that serve the same model: each record goes to one of them.
   *
   * @param servers two or more that differ by their URL alone
   */
  public record Replicas(List<Server> servers) implements Backend {
    public Replicas {
      servers = List.copyOf(servers);
      long places = servers.stream().map(Server::url).distinct().count();
      if (places < 2 || places < servers.size()) {
        throw new IllegalArgumentException(
            "Replicas are two servers or more, each at a URL of its own, not %s"
                .formatted(servers.stream().map(Server::url).toList()));
      }
    }

    /** Returns these replicas with another deadline of a call. */
    public Replicas within(Duration deadline) {
      return new Replicas(servers.stream().map(server -> server.within(deadline)).toList());
    }
  }

  /** The embedding model that comes with bedload. */
  public record InProcessEmbedding() implements Backend {}

  /** The echo; see {@link EchoModel}. */
  public record Echo() implements Backend {}

  /** Says whether every model id that another entry fits is fitted by this one, too. */
  public boolean covers(ModelEntry other) {
    // A '*' of the other can only be matched by a '*' of this one, which then matches any text.
    return ModelIds.glob(pattern).matcher(other.pattern).matches();
  }

  /** Returns the family of all models of this entry; empty if it depends on the model's id. */
  public Optional<Family> oneFamily() {
    return switch (backend) {
      case InProcessEmbedding _ ->
          Optional.ofNullable(family)
              .or(() -> Family.ofModelId(ModelIds.plain(pattern)).filter(Family::embeds))
              .or(() -> Optional.of(Family.TITAN_EMBEDDING));
      case Echo _ -> Optional.empty();
      case Server _, Replicas _, BedrockBackend _ ->
          family != null || pattern.contains("*")
              ? Optional.ofNullable(family)
              : Family.ofModelId(ModelIds.plain(pattern));
    };
  }

  /**
   * Returns the key of this entry's server; null if it wants none.
   *
   * @throws IllegalArgumentException if it is not where it should be
   */
  @Nullable String key(Map<String, String> environment) {
    ApiKey key =
        switch (backend) {
          case Server server -> server.key();
          case Replicas replicas -> replicas.servers().getFirst().key();
          case BedrockBackend bedrock -> bedrock.key();
          case InProcessEmbedding _, Echo _ -> null;
        };
    return key == null ? null : key.read(environment);
  }

  /**
   * Reads {@code ID=URL#SERVED}, or {@code ID=FAMILY@URL#SERVED} where the family does not follow
   * from the id.
   *
   * @throws IllegalArgumentException if it is not that; the message says what is wrong and how it
   *     is meant
   */
  public static ModelEntry parse(String text) {
    int equals = text.indexOf('=');
    int hash = text.indexOf('#', equals + 1);
    if (equals < 1 || hash < 0 || hash == text.length() - 1) {
      throw new IllegalArgumentException("'%s' is no model: %s".formatted(text, FORM));
    }
    String id = text.substring(0, equals);
    String place = text.substring(equals + 1, hash);
    String served = text.substring(hash + 1);
    Family family = null;
    int at = place.indexOf('@');
    // An @ after the scheme would be a user's name within the URL.
    if (at >= 0 && !place.substring(0, at).contains("://")) {
      String name = place.substring(0, at);
      family =
          Family.ofWireName(name)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "'%s' names the family %s; there are %s"
                              .formatted(text, name, Family.wireNames())));
      place = place.substring(at + 1);
    }
    try {
      return new ModelEntry(id, Server.at(new URI(place), served), family);
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException(
          "'%s' has no URL after the '=': %s".formatted(text, FORM), malformed);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("'%s': %s".formatted(text, wrong.getMessage()), wrong);
    }
  }

  /**
   * Returns the family of a model.
   *
   * @param family null if it has to follow from the id
   * @throws IllegalArgumentException if it does not
   */
  static Family familyOf(String modelId, @Nullable Family family) {
    if (family != null) {
      return family;
    }
    Optional<Family> follows = Family.ofModelId(ModelIds.plain(modelId));
    return follows.orElseThrow(
        () ->
            new IllegalArgumentException(
                "Which body %s takes does not follow from its id, or is not yet translated: name its family (%s), as in %s=openai-chat@URL#SERVED"
                    .formatted(modelId, Family.wireNames(), modelId)));
  }
}
