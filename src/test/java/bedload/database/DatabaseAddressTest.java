package bedload.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {
  @Test
  void bothFormsOfUrlNameTheSamePlace() {
    var expected =
        new DatabaseAddress("db.local", 5433, "jobs", "ann", "p@ss", Map.of("sslmode", "require"));

    assertThat(DatabaseAddress.parse("postgresql://ann:p%40ss@db.local:5433/jobs?sslmode=require"))
        .isEqualTo(expected);
    assertThat(
            DatabaseAddress.parse(
                "jdbc:postgresql://db.local:5433/jobs?sslmode=require&user=ann&password=p%40ss"))
        .isEqualTo(expected);
  }

  @Test
  void whatIsLeftOutIsFilledInAsPsqlDoes() {
    assertThat(DatabaseAddress.parse("postgres://ann@/"))
        .isEqualTo(new DatabaseAddress("localhost", 5432, "ann", "ann", "", Map.of()));
  }

  @Test
  void anAtSignInThePasswordDoesNotMoveTheHost() {
    DatabaseAddress address = DatabaseAddress.parse("postgresql://ann:a@b:c@h/jobs");

    assertThat(address.host()).isEqualTo("h");
    assertThat(address.password()).isEqualTo("a@b:c");
  }

  @Test
  void aPlusIsAPlus() {
    assertThat(DatabaseAddress.parse("postgresql://ann:a+b@h/d").password()).isEqualTo("a+b");
  }

  @Test
  void parametersMayHaveTheNamesThatLibpqGivesThem() {
    assertThat(DatabaseAddress.parse("postgresql://a@h/d?connect_timeout=3").parameters())
        .containsExactly(Map.entry("connectTimeout", "3"));
  }

  @Test
  void theUrlReadsBack() {
    var address =
        new DatabaseAddress(
            "::1",
            5432,
            "a/b",
            "us er",
            "p:w@/?%+ü",
            Map.of("sslmode", "prefer", "options", "-c x=1"));

    assertThat(DatabaseAddress.parse(address.url())).isEqualTo(address);
  }

  @Test
  void thePasswordIsInNoText() {
    var address =
        new DatabaseAddress("h", 5432, "d", "u", "secret", Map.of("sslpassword", "secret"));

    assertThat(address.toString()).isEqualTo("u@h:5432/d");
    assertThat(address.as("v", "w").at("e").toString()).isEqualTo("v@h:5432/e");
    assertThat(new DatabaseAddress("h", 1, "d", "u", "secret", Map.of()).jdbcUrl())
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:secret@h/d",
        "u:secret@h",
        "postgresql://h/d?password=secret",
        "postgresql://u:secret@h:port/d",
        "postgresql://u:secret@h:70000/d",
        "postgresql://u:secret@h1,h2/d",
        "postgresql://u:secret%zz@h/d",
        "postgresql://u:secret@h/d?sslmoed=require",
        "postgresql://u:secret@h/d?sslmode"
      })
  void anotherFormIsRefusedInASentenceWithoutThePassword(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DatabaseAddress.parse(url))
        .withMessageContaining("postgresql://user:password@host:port/database")
        .withMessageNotContaining("secret");
  }
}
