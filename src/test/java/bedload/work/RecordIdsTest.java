package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordIdsTest {
  @Test
  void everyRepetitionIsCountedAndNothingElse() {
    RecordIds ids = new RecordIds();
    for (int i = 0; i < 100_000; i++) {
      ids.add("record-" + i);
      ids.add("" + (char) i);
    }
    assertThat(ids.repeated()).isEqualTo(100_000 - 65_536);

    ids.add("record-7");
    ids.add("record-99999");
    ids.add("record-100000");

    assertThat(ids.repeated()).isEqualTo(100_000 - 65_536 + 2);
    assertThat(ids.isCapped()).isFalse();
  }

  @Test
  void whatIsBeyondTheCapIsSaidToBeUnknownAndTheRestStillCounts() {
    RecordIds ids = new RecordIds(3);
    for (String id : new String[] {"a", "b", "c", "d", "d", "a"}) {
      ids.add(id);
    }

    assertThat(ids.repeated()).isEqualTo(1);
    assertThat(ids.isCapped()).isTrue();
    assertThat(InputCheck.repetition(ids)).contains("1 records", "there may be more");
  }

  @Test
  void ofDifferentIdsThereIsNothingToSay() {
    RecordIds ids = new RecordIds();
    ids.add("a");
    ids.add("b");

    assertThat(InputCheck.repetition(ids)).isEmpty();
  }
}
