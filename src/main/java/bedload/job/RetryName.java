package bedload.job;

/** The name of a job that is made of what failed in another. */
public final class RetryName {
  /** The most characters of a job's name. */
  private static final int LONGEST = 63;

  private RetryName() {}

  /**
   * Returns the name: the old one's, as far as it fits, and a stamp that no other retry has.
   *
   * @param stamp small letters and digits
   */
  public static String of(String oldName, String stamp) {
    String ending = "-retry-" + stamp;
    String name = oldName.replaceFirst("-retry-[a-z0-9]+$", "");
    return name.substring(0, Math.min(name.length(), LONGEST - ending.length())) + ending;
  }
}
