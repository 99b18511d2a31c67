package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void whatWouldActOnATerminalIsSeenInstead() {
    assertThat(Printable.of("a\u001b[31mred\u0007\u009bx"))
        .isEqualTo("a\\u001b[31mred\\u0007\\u009bx");
    assertThat(Printable.of("one\ntwo\r\tthree")).isEqualTo("one\\ntwo\\r\\tthree");
    assertThat(Printable.of("user\u202eexe.txt\u2066")).isEqualTo("user\\u202eexe.txt\\u2066");
  }

  @Test
  void lettersOfAllLanguagesStayAsTheyAre() {
    assertThat(Printable.of("größer 漢字 😀 עברית")).isEqualTo("größer 漢字 😀 עברית");
  }

  @Test
  void longTextsAreCutBetweenLetters() {
    assertThat(Printable.of("😀".repeat(1_000), 3)).isEqualTo("😀😀😀… (1,000 characters)");
  }
}
