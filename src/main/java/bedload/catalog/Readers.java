package bedload.catalog;

import bedload.catalog.Admission.Admitted;
import bedload.catalog.Admission.Closed;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.util.PasswordUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL roles that read the catalog: one to log in for each account, all members of one
 * group that has the rights. What a reader's session begins with (read-only, a timeout) the reader
 * can change; what holds is that it has no right to anything but its own account's rows.
 */
final class Readers {
  /** The group, which nobody logs in as. */
  static final String GROUP = "catalog_reader";

  private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  private final Jdbi jdbi;
  private final Optional<String> closed;

  private Readers(Jdbi jdbi, Optional<String> closed) {
    this.jdbi = jdbi;
    this.closed = closed;
  }

  private static final Wish GROUP_EXISTS =
      new Wish(
          """
          select 'create role catalog_reader nologin'
           where not exists (select from pg_roles where rolname = 'catalog_reader')
          """);

  /** Makes the group and takes from everybody what a reader must not have. */
  static Readers prepare(Jdbi jdbi) {
    if (!GROUP_EXISTS.fulfil(jdbi, Map.of()).isEmpty()) {
      String reason = notAllowed(jdbi);
      LOG.warn(reason);
      return new Readers(jdbi, Optional.of(reason));
    }
    List<String> refused = new ArrayList<>();
    for (Wish wish :
        List.of(
            NOTHING_FOR_EVERYBODY,
            NO_TABLES_IN_PUBLIC,
            GROUP_MAY_CONNECT,
            GROUP_MAY_NAME_VIEWS,
            GROUP_MAY_READ_WHAT_THERE_IS,
            NO_SIDE_EFFECTS,
            INDEXES_BEHIND_FENCE)) {
      refused.addAll(wish.fulfil(jdbi, Map.of()));
    }
    if (!refused.isEmpty()) {
      LOG.warn(
          "The catalog's readers can do more than read, such as make large objects or hold advisory locks: bedload's database user may not forbid it. A superuser can; the statements follow at level INFO");
      LOG.info("To be run by a superuser in bedload's database: {}", String.join("; ", refused));
    }
    return new Readers(jdbi, Optional.empty());
  }

  /** Says whether the group exists. */
  boolean areThere() {
    return closed.isEmpty();
  }

  /**
   * Makes a role of an account, or gives it a new password, and says whose rows it may see.
   *
   * @throws IllegalArgumentException if an account is not twelve digits
   */
  Admission admit(String account, Right right, String password) {
    requireAccount(account);
    right.readable().forEach(Readers::requireAccount);
    String role = roleOf(jdbi, account) + right.roleEnding();
    show(account, role, right);
    if (closed.isPresent()) {
      return new Closed(closed.get());
    }
    Map<String, String> parameters = Map.of("role", role);
    if (!ROLE_EXISTS.fulfil(jdbi, parameters).isEmpty()) {
      return new Closed(notAllowed(jdbi));
    }
    List<String> refused = new ArrayList<>();
    for (Wish wish : List.of(ROLE_IN_GROUP, ROLE_SETTINGS)) {
      refused.addAll(wish.fulfil(jdbi, parameters));
    }
    if (!refused.isEmpty() || !Wish.insist(jdbi, setPassword(role, password))) {
      return new Closed(
          "SQL for account %s is off: bedload's database user may not administer the roles %s and catalog_reader, which somebody else made. A superuser can allow it by granting both to that user with admin option; then start bedload again."
              .formatted(account, role));
    }
    return new Admitted(role);
  }

  /** A role whose name is neither of today's was made in another database and then copied here. */
  private static final String HIDE =
      """
      delete from catalog_store.reader
       where viewer = :viewer
         and (role = :role and not account = any(:readable)
              or role not in (:own, :own || :ending))
      """;

  private static final String SHOW =
      """
      insert into catalog_store.reader (viewer, account, role, sees_sensitive)
      select :viewer, account, :role, account = any(:unmasked)
        from unnest(:readable) as account
      on conflict (role, account) do update
         set viewer = excluded.viewer,
             sees_sensitive = excluded.sees_sensitive
      """;

  private void show(String viewer, String role, Right right) {
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(HIDE)
              .bind("viewer", viewer)
              .bind("role", role)
              .bind("own", roleOf(jdbi, viewer))
              .bind("ending", Right.MASKED_ENDING)
              .bindArray("readable", String.class, right.readable())
              .execute();
          handle
              .createUpdate(SHOW)
              .bind("viewer", viewer)
              .bind("role", role)
              .bindArray("readable", String.class, right.readable())
              .bindArray("unmasked", String.class, right.unmasked())
              .execute();
        });
  }

  private static void requireAccount(String account) {
    if (!ACCOUNT.matcher(account).matches()) {
      throw new IllegalArgumentException("An account is twelve digits, this is '" + account + "'");
    }
  }

  private static final String ROLE =
      """
      select format('acct_%s_%s', cast(:account as text), oid)
        from pg_database
       where datname = current_database()
      """;

  /**
   * Returns the name of an account's role. Roles belong to the whole server, so it holds the number
   * that the server gave this database: two bedloads on one server must not share a role.
   */
  static String roleOf(Jdbi jdbi, String account) {
    return jdbi.withHandle(
        handle -> handle.createQuery(ROLE).bind("account", account).mapTo(String.class).one());
  }

  /** The server is told the password's SCRAM verifier only, so that its log cannot tell more. */
  private static String setPassword(String role, String password) {
    try {
      return PasswordUtil.genAlterUserPasswordSQL(role, password.toCharArray(), "scram-sha-256");
    } catch (SQLException e) {
      throw new IllegalStateException("No verifier for the password of " + role, e);
    }
  }

  private static final Wish NOTHING_FOR_EVERYBODY =
      new Wish(
          """
          select format('revoke all on database %I from public', datname)
            from pg_database
           where datname = current_database()
             and exists (
                   select from aclexplode(coalesce(datacl, acldefault('d', datdba)))
                    where grantee = 0)
          """);

  private static final Wish NO_TABLES_IN_PUBLIC =
      new Wish(
          """
          select 'revoke create on schema public from public'
            from pg_namespace
           where nspname = 'public'
             and exists (
                   select from aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
                    where grantee = 0
                      and privilege_type = 'CREATE')
          """);

  private static final Wish GROUP_MAY_CONNECT =
      new Wish(
          """
          select format('grant connect on database %I to catalog_reader', current_database())
           where not has_database_privilege('catalog_reader', current_database(), 'connect')
          """);

  private static final Wish GROUP_MAY_NAME_VIEWS =
      new Wish(
          """
          select format('grant usage on schema %I to catalog_reader', name)
            from unnest(array['catalog', 'catalog_as_of']) as name
           where not has_schema_privilege('catalog_reader', name, 'usage')
          """);

  private static final Wish GROUP_MAY_READ_WHAT_THERE_IS =
      new Wish(
          """
          select format('grant select on catalog.%I to catalog_reader', name)
            from unnest(array['tables', 'columns', 'changes', 'newest_change', 'sources', 'aws_bedrock_model_invocation_job_usage',
                         'aws_bedrock_model_invocation_job_input_faults',
                         'aws_bedrock_model_invocation_job_errors',
                         'aws_bedrock_model_invocation_job_error_counts',
                         'aws_bedrock_model_invocation_job_queue']) as name
           where not has_table_privilege('catalog_reader', 'catalog.' || name, 'select')
          """);

  /**
   * Large objects fill the disk, advisory locks and sleep hold what others wait for, and a question
   * could raise its own limits in its midst by set_config. Migrations need advisory locks, so this
   * user keeps them.
   */
  private static final Wish NO_SIDE_EFFECTS =
      new Wish(
          """
          select format(
                   'revoke execute on function %1$s from public; grant execute on function %1$s to %2$I',
                   string_agg(oid::regprocedure::text, ', ' order by oid),
                   current_user)
            from pg_proc
           where pronamespace = 'pg_catalog'::regnamespace
             and (proname ~ '^(lo_|pg_advisory_|pg_try_advisory_|pg_sleep|pg_logical_emit_message)'
                  or proname in ('loread', 'lowrite', 'pg_notify', 'pg_export_snapshot', 'set_config'))
             and has_function_privilege('catalog_reader', oid, 'execute')
          having count(*) > 0
          """);

  /**
   * Behind row security PostgreSQL uses an index only for operators that are known to tell nothing
   * of the rows that they look at. Array containment of texts and the patterns of {@code like} tell
   * nothing (what they complain of is the pattern), but are not marked so, and without the mark
   * every search by tag or by a part of a name reads the whole table.
   */
  private static final Wish INDEXES_BEHIND_FENCE =
      new Wish(
          """
          select format('alter function %s leakproof', oid::regprocedure)
            from pg_proc
           where oid in ('pg_catalog.arraycontains(anyarray, anyarray)'::regprocedure,
                         'pg_catalog.textlike(text, text)'::regprocedure,
                         'pg_catalog.texticlike(text, text)'::regprocedure)
             and not proleakproof
             and exists (select from pg_roles where rolname = current_user and rolsuper)
          """);

  private static final Wish ROLE_EXISTS =
      new Wish(
          """
          select format('create role %I login connection limit 20', :role)
           where not exists (select from pg_roles where rolname = :role)
          """);

  private static final Wish ROLE_IN_GROUP =
      new Wish(
          """
          select format('grant catalog_reader to %I', :role)
           where not pg_has_role(cast(:role as name), 'catalog_reader', 'member')
          """);

  private static final Wish ROLE_SETTINGS =
      new Wish(
          """
          select format('alter role %I set %s to %s', :role, wanted.name, wanted.written)
            from (values
                   ('default_transaction_read_only', 'on', 'on'),
                   ('statement_timeout', '''30s''', '30s'),
                   ('lock_timeout', '''2s''', '2s'),
                   ('idle_in_transaction_session_timeout', '''60s''', '60s'),
                   ('work_mem', '''16MB''', '16MB'),
                   ('temp_file_limit', '''256MB''', '256MB'),
                   -- What readers ask for is in memory or on a disk without a moving arm.
                   ('random_page_cost', '''1.1''', '1.1'),
                   ('search_path', 'catalog, public', 'catalog, public'),
                   ('TimeZone', '''UTC''', 'UTC')) as wanted (name, written, kept)
           where not exists (
                   select from pg_db_role_setting as there
                    where there.setrole = (select oid from pg_roles where rolname = :role)
                      and there.setdatabase = 0
                      and wanted.name || '=' || wanted.kept = any(there.setconfig))
             and (wanted.name <> 'temp_file_limit'
                  or has_parameter_privilege(current_user, 'temp_file_limit', 'set'))
          """);

  private static final String MAY_NOT =
      """
      select format(
               'SQL for users is off: bedload''s database user %1$I may not create roles. A superuser can allow it by running "alter role %1$I createrole"; then start bedload again.',
               current_user)
      """;

  private static String notAllowed(Jdbi jdbi) {
    return jdbi.withHandle(handle -> handle.createQuery(MAY_NOT).mapTo(String.class).one());
  }
}
