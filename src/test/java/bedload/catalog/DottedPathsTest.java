package bedload.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DottedPathsTest {
  private static final StructNames STRUCTS =
      new StructNames(Map.of("config", Set.of("place"), "net", Set.of("ids", "groups")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select config.place.uri from t            | select (config).place.uri from t
          select j.config.place.uri from t as j     | select (j.config).place.uri from t as j
          select catalog.t.config.place from t      | select (catalog.t.config).place from t
          select CONFIG.Place.URI from t            | select (CONFIG).Place.URI from t
          select "config"."place".uri from t        | select ("config")."place".uri from t
          select net.ids[1] from t                  | select (net).ids[1] from t
          select count(net.ids) from t              | select count((net).ids) from t
          select config.place.uri=net.ids[1] from t | select (config).place.uri=(net).ids[1] from t
          """)
  void pathIntoAStructGetsItsParentheses(String written, String sent) {
    assertThat(DottedPaths.in(written, STRUCTS).text()).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select (config).place.uri from t",
        "select (j.config).place.uri from t as j",
        "select ((config).place).uri from t",
        "select 'config.place.uri', $$config.place$$, e'\\'config.place'",
        "select 1 -- config.place.uri",
        "select 1 /* config.place /* config.place */ config.place */",
        "select config.other from t",
        "select j.job_name from t as j",
        "select \"config.place\" from t",
        "select config from t",
        "select 1.5, config . place from t",
      })
  void restStaysAsItIs(String text) {
    DottedPaths paths = DottedPaths.in(text, STRUCTS);
    assertThat(paths.text()).isEqualTo(text);
    assertThat(paths.areAny()).isFalse();
  }

  @Test
  void placeInWhatIsSentIsAPlaceInWhatWasWritten() {
    String written = "select config.place.uri, net.ids, oops from t";
    DottedPaths paths = DottedPaths.in(written, STRUCTS);
    for (String name : new String[] {"place", "net", "ids", "oops", "from"}) {
      assertThat(paths.original(paths.text().indexOf(name))).isEqualTo(written.indexOf(name));
    }
  }
}
