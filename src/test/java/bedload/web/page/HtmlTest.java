package bedload.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlTest {
  @Test
  void valuesAreTextInContentAndInAttributes() {
    assertThat(Html.of("<a title=\"{}\">{}</a>", "\" onclick='x'", "<script>&").toString())
        .isEqualTo("<a title=\"&quot; onclick=&#39;x&#39;\">&lt;script&gt;&amp;</a>");
  }

  @Test
  void placesWithinValuesAreNotFilled() {
    assertThat(Html.of("<p>{} {}</p>", "{}", "two").toString()).isEqualTo("<p>{} two</p>");
  }

  @Test
  void htmlStaysHtml() {
    Html item = Html.of("<li>{}</li>", "a<b");
    assertThat(Html.of("<ul>{}</ul>", Html.join(List.of(item, item))).toString())
        .isEqualTo("<ul><li>a&lt;b</li><li>a&lt;b</li></ul>");
  }

  @Test
  void foreignTextIsIsolatedAndWithoutControlCharacters() {
    assertThat(Html.foreign("a\u202eb\u0000c\u001b").toString())
        .isEqualTo("<bdi>a\u202eb\ufffdc\ufffd</bdi>");
  }

  @Test
  void aTemplateWithTheWrongNumberOfValuesIsABug() {
    assertThatThrownBy(() -> Html.of("{} {}", "one")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Html.of("{}", "one", "two"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
