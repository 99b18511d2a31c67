package bedload.catalog;

import bedload.database.Database;
import bedload.database.DatabaseAddress;
import bedload.database.DatabaseUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where accounts ask the catalog without a connection of their own: each question is put under the
 * account's own role, in a transaction that reads only and is rolled back, so that nothing which a
 * question sets outlives it. Thread-safe.
 */
public final class ReadingDesk implements AutoCloseable {
  /** How many questions of one account are answered at once; others wait in line. */
  private static final int QUESTIONS_AT_ONCE = 4;

  /** So much of an answer fits into memory several times over. */
  private static final int LARGEST_ANSWER_BYTES = 32 << 20;

  /** The role's own timeout is shorter; this one holds if the server does not keep it. */
  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(40);

  /** PostgreSQL's longest number has 131,072 digits before the point and 16,383 after it. */
  private static final int LONGEST_NUMBER = 150_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(LONGEST_NUMBER)
                          .maxStringLength(LARGEST_ANSWER_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final DatabaseAddress address;
  private final Function<String, Optional<ReaderLogin>> loginOf;
  private final Map<String, Database> accounts = new ConcurrentHashMap<>();

  /**
   * @param address the database; its user is not used
   * @param loginOf an account's role and its password; empty if it was not admitted
   */
  public ReadingDesk(DatabaseAddress address, Function<String, Optional<ReaderLogin>> loginOf) {
    Map<String, String> parameters = new HashMap<>(address.parameters());
    parameters.put("maxResultBuffer", Integer.toString(LARGEST_ANSWER_BYTES));
    this.address =
        new DatabaseAddress(
            address.host(),
            address.port(),
            address.database(),
            address.user(),
            address.password(),
            parameters);
    this.loginOf = loginOf;
  }

  /**
   * What is asked.
   *
   * @param parameters what {@code $1} and so on stand for, as PostgreSQL writes values
   * @param rowLimit how many rows the answer may have at most
   * @param asOf null for the tables as they are
   * @param before statements of ours that go before the question and end with it
   */
  public record Ask(
      SqlText text,
      List<@Nullable String> parameters,
      int rowLimit,
      @Nullable Instant asOf,
      List<String> before) {
    public Ask {
      before = List.copyOf(before);
    }

    /** Asks with nothing before it. */
    public Ask(
        SqlText text, List<@Nullable String> parameters, int rowLimit, @Nullable Instant asOf) {
      this(text, parameters, rowLimit, asOf, List.of());
    }
  }

  /**
   * What is answered.
   *
   * @param rows each with a value for every column
   * @param isCut whether there are more rows than the limit
   * @param took from the question's arrival to the last row
   */
  public record Reply(
      List<AnswerColumn> columns, List<List<JsonNode>> rows, boolean isCut, Duration took) {}

  /**
   * Answers a question as its account.
   *
   * @throws QuestionFault if the question is at fault, or too much to be answered
   * @throws DatabaseUnavailableException if the database is
   */
  public Reply ask(String account, Ask ask) {
    long began = System.nanoTime();
    Database database = accounts.computeIfAbsent(account, this::enter);
    try (Connection connection = database.dataSource().getConnection()) {
      try {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        try (Statement statement = connection.createStatement()) {
          statement.execute(BOUNDS);
          turn(connection, ask.asOf());
          for (String before : ask.before()) {
            statement.execute(before);
          }
        }
        return answer(connection, ask, began);
      } finally {
        if (!connection.isClosed()) {
          connection.rollback();
        }
      }
    } catch (SQLTransientConnectionException e) {
      // No connection came in time. One that is lost in the middle may be the question's own doing.
      throw new DatabaseUnavailableException(
          "The catalog's database is away: %s".formatted(e.getMessage()), e);
    } catch (SQLException e) {
      throw new QuestionFault(
          "The catalog's database could not be asked: %s".formatted(e.getMessage()), e);
    }
  }

  private Database enter(String account) {
    ReaderLogin login =
        loginOf
            .apply(account)
            .orElseThrow(
                () ->
                    new QuestionFault(
                        "SQL for account %s is off; the service's log says why."
                            .formatted(account)));
    return Database.connect(address.as(login.user(), login.password()), QUESTIONS_AT_ONCE);
  }

  /** PostgreSQL lets whoever logs in as a role change what the role's sessions begin with. */
  private static final String BOUNDS =
      """
      set local statement_timeout = '30s';
      set local lock_timeout = '2s';
      set local work_mem = '16MB';
      set local timezone = 'UTC'
      """;

  private static final String TURN = "select catalog.as_of(cast(? as timestamptz))";

  private static void turn(Connection connection, @Nullable Instant moment) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TURN)) {
      statement.setString(1, moment == null ? null : moment.toString());
      statement.execute();
    }
  }

  private static Reply answer(Connection connection, Ask ask, long began) throws SQLException {
    Question question = Question.put(connection, ask.text(), ask.parameters());
    // One more than fits, which tells whether there are more.
    try (PreparedStatement statement = question.rows(ask.rowLimit() + 1)) {
      statement.setQueryTimeout((int) LONGEST_STATEMENT.toSeconds());
      List<List<JsonNode>> rows = new ArrayList<>();
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          rows.add(List.copyOf(JSON.readTree(found.getString(1)).values()));
        }
      }
      boolean isCut = rows.size() > ask.rowLimit();
      return new Reply(
          question.columns(),
          isCut ? List.copyOf(rows.subList(0, ask.rowLimit())) : rows,
          isCut,
          Duration.ofNanos(System.nanoTime() - began));
    } catch (SQLException e) {
      throw question.fault(e);
    } catch (JacksonException e) {
      throw new QuestionFault(
          "A value of the answer is nested too deeply. Ask for a part of it, or cast it to text.",
          e);
    }
  }

  @Override
  public void close() {
    accounts.values().forEach(Database::close);
  }
}
