package bedload.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bedload.job.JobId;
import bedload.job.Lease;
import bedload.job.Shard;
import bedload.job.TokenUsage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final JobId JOB = new JobId("abcdefghijkl");
  private static final Lease LEASE = new Lease(new Shard(JOB, 0, 0, 0, 100, 0, 10), 1);

  @TempDir Path folder;
  private Journals journals;

  @BeforeEach
  void open() {
    journals = new Journals(new FolderDisk(folder));
  }

  @Test
  void whatWasAppendedReadsBackEvenIfNobodyClosedTheFile() throws IOException {
    try (Journal journal = journals.create(LEASE, 0)) {
      journal.append(new Answer(7, true, TokenUsage.of(3L, null), "seven\n".getBytes(UTF_8)));
      journal.append(new Answer(2, false, TokenUsage.UNKNOWN, "two\n".getBytes(UTF_8), 300));

      List<Answer> answers = journals.read(JOB, journal.name());

      assertThat(answers).extracting(Answer::ordinal).containsExactly(7, 2);
      assertThat(answers).extracting(Answer::success).containsExactly(true, false);
      assertThat(answers).extracting(Answer::calls).containsExactly(0, 127);
      assertThat(answers.getFirst().usage()).isEqualTo(TokenUsage.of(3L, null));
      assertThat(answers.getLast().usage()).isEqualTo(TokenUsage.UNKNOWN);
      assertThat(answers.getFirst().line()).isEqualTo("seven\n".getBytes(UTF_8));
    }
  }

  /** A process may die at any byte of its last write. */
  @Test
  void aFileCutAnywhereGivesEveryWholeFrameBeforeTheCut() throws IOException {
    long[] ends = new long[4];
    try (Journal journal = journals.create(LEASE, 0)) {
      for (int i = 0; i < 4; i++) {
        journal.append(
            new Answer(i, true, TokenUsage.UNKNOWN, ("line " + i + "\n").getBytes(UTF_8)));
        ends[i] = journal.sizeBytes();
      }
    }
    byte[] bytes = Files.readAllBytes(folder.resolve(JOB + "/0-1-0"));
    for (int length = 0; length <= bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      long cutAt = length;
      long wholeFrames = Arrays.stream(ends).filter(end -> end <= cutAt).count();
      assertThat(Journal.read(new ByteArrayInputStream(cut)))
          .as("cut at byte %d", length)
          .hasSize((int) wholeFrames);
    }
  }

  @Test
  void aDamagedFrameEndsTheReading() throws IOException {
    long firstEnd;
    try (Journal journal = journals.create(LEASE, 0)) {
      journal.append(new Answer(0, true, TokenUsage.UNKNOWN, "good\n".getBytes(UTF_8)));
      firstEnd = journal.sizeBytes();
      journal.append(new Answer(1, true, TokenUsage.UNKNOWN, "hurt\n".getBytes(UTF_8)));
    }
    byte[] bytes = Files.readAllBytes(folder.resolve(JOB + "/0-1-0"));
    for (int i = (int) firstEnd; i < bytes.length; i++) {
      byte[] hurt = bytes.clone();
      hurt[i] ^= 0x40;
      assertThat(Journal.read(new ByteArrayInputStream(hurt))).as("byte %d", i).hasSize(1);
    }
  }
}
