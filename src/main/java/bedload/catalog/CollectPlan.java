package bedload.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How resources of a type are asked for at their provider.
 *
 * @param service the provider's name of the service
 * @param get how one resource is asked for; empty if the list tells all
 * @param incremental empty if every collection has to list everything
 * @param tags empty if the type has no tags
 * @param events empty if the provider announces no changes
 * @param permissions what a collector must be allowed to do, and no more
 */
public record CollectPlan(
    String service,
    Listing list,
    Optional<Lookup> get,
    Optional<Incremental> incremental,
    Optional<Tagging> tags,
    Optional<Events> events,
    List<String> permissions) {
  public CollectPlan {
    permissions = List.copyOf(permissions);
  }

  /**
   * An operation that takes a column's value.
   *
   * @param member the request member that takes it
   */
  public record Call(String operation, String member, String column) {}

  /**
   * How one resource is asked for.
   *
   * @param forEach whether each listed resource has to be, because the list tells less
   */
  public record Lookup(Call call, boolean forEach) {}

  /**
   * The operation that lists resources.
   *
   * @param items the response member with the resources
   * @param paging empty if one answer holds all
   */
  public record Listing(
      String operation, String items, Optional<Paging> paging, List<Filter> filters) {
    public Listing {
      filters = List.copyOf(filters);
    }
  }

  /**
   * How a list comes page by page.
   *
   * @param sizeMember the request member for the size of a page
   * @param requestToken the request member that takes the token of the page before
   * @param responseToken the response member with the token of the next page
   */
  public record Paging(String sizeMember, int size, String requestToken, String responseToken) {}

  /** A test on a column that the provider can do, by the request member that asks for it. */
  public record Filter(String column, Test test, String member) {
    /** How the column's value is compared. */
    public enum Test {
      EQUALS,
      CONTAINS,
      AFTER,
      BEFORE
    }
  }

  /**
   * How to list only what is new.
   *
   * @param column a time that never changes once a resource exists
   * @param overlap how far behind the newest one to begin, for what the provider shows late
   * @param order the request members that make the list go from old to new, so that a listing that
   *     broke off goes on where it was
   * @param fullEvery how often everything is listed all the same, to heal gaps
   */
  public record Incremental(
      String column,
      String member,
      Duration overlap,
      Map<String, String> order,
      Duration fullEvery) {
    public Incremental {
      order = Map.copyOf(order);
    }
  }

  /** How tags are asked for. */
  public record Tagging(Call call, Until until) {
    /** How long it makes sense to ask. */
    public enum Until {
      /** The provider always answers. */
      ALWAYS,
      /** The provider refuses once a resource is in its terminal state. */
      UNTIL_TERMINAL
    }
  }

  /**
   * The events by which the provider announces a change.
   *
   * @param key the member of the event's detail that names the resource
   */
  public record Events(String source, String detailType, String key) {}
}
