package bedload.model;

/**
 * On whose behalf a call is made, which decides who goes first where many wait.
 *
 * @param account whose jobs share what the other accounts leave it
 * @param job whose records share what the account's other jobs leave it
 * @param rank within the job: the lower goes first
 */
public record Turn(String account, String job, long rank) {
  /** For a call that belongs to no job. */
  static final Turn ALONE = new Turn("", "", 0);
}
