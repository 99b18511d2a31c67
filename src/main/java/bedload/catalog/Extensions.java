package bedload.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extensions of PostgreSQL that make the catalog more than it is without them, and what stands
 * on them. An operator's server may lack them or keep them from us; all else works without.
 *
 * @param hstoreHome the schema, as it is written, of the type hstore, on which tables in the shape
 *     of Datadog's SQL stand; empty if there is none
 * @param trigramHome that of pg_trgm, by which names are found by their parts
 */
record Extensions(Optional<String> hstoreHome, Optional<String> trigramHome) {
  private static final Logger LOG = LoggerFactory.getLogger(Extensions.class);

  private static final Wish HSTORE =
      new Wish(
          """
          select 'create extension hstore with schema catalog'
           where not exists (select from pg_extension where extname = 'hstore')
          """);

  /** Of one key every value is told: sorted, each once, with commas between. */
  private static final Wish TAGS =
      new Wish(
          """
          select format(
                   $create$
                   create function catalog_store.ddsql_tags(tags text[], region text)
                   returns %1$I.hstore
                   language sql
                   immutable
                   parallel safe
                   begin atomic
                     select %1$I.hstore(array_agg(key), array_agg(val))
                       from (select key, string_agg(distinct val, ',' order by val) as val
                               from (select split_part(tag, ':', 1) collate "C" as key,
                                            substr(tag, strpos(tag, ':') + 1) collate "C" as val
                                       from unnest(tags) as tag
                                      union all
                                     select 'region', region) as pair
                              group by key) as joined;
                   end
                   $create$,
                   extnamespace::regnamespace::text)
            from pg_extension
           where extname = 'hstore'
             and to_regprocedure('catalog_store.ddsql_tags(text[], text)') is null
          """);

  private static final Wish APPROXIMATE =
      new Wish(
          """
          select 'create aggregate catalog.approx_percentile(double precision order by double precision) (
                    sfunc = ordered_set_transition, stype = internal,
                    finalfunc = percentile_cont_float8_final)'
           where to_regprocedure('catalog.approx_percentile(double precision, double precision)') is null
          """);

  private static final String HOME =
      """
      select extnamespace::regnamespace::text
        from pg_extension
       where extname = :extension
      """;

  /** Makes what is missing and may be made, and returns what there is. */
  static Extensions prepare(Jdbi jdbi) {
    List<String> refused = new ArrayList<>();
    try {
      for (Wish wish : List.of(HSTORE, TAGS, APPROXIMATE)) {
        refused.addAll(wish.fulfil(jdbi, Map.of()));
      }
    } catch (Ddl.RefusedException e) {
      // The server's package of extensions is not installed, or its operator allows none.
      refused.add(e.reason());
    }
    Optional<String> hstore = home(jdbi, "hstore");
    if (hstore.isEmpty()) {
      LOG.warn(
          "There are no tables in Datadog's shape: the database has no extension hstore, and bedload's user may not add it. Install PostgreSQL's contrib package, run \"create extension hstore\" as a superuser, and start bedload again");
    } else if (!refused.isEmpty()) {
      LOG.info("Datadog's SQL lacks what only a superuser may make: {}", refused);
    }
    return new Extensions(hstore, home(jdbi, "pg_trgm"));
  }

  private static Optional<String> home(Jdbi jdbi, String extension) {
    return jdbi.withHandle(
        handle ->
            handle.createQuery(HOME).bind("extension", extension).mapTo(String.class).findOne());
  }
}
