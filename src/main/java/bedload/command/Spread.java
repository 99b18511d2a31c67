package bedload.command;

/**
 * What a sample says of a whole: the sum that is to be expected, and the bounds between which it
 * lies in 19 of 20 samples, if the whole is like the sample.
 *
 * @param low the lower bound
 * @param likely what is to be expected
 * @param high the upper bound
 */
record Spread(double low, double likely, double high) {
  /** Of a normal distribution, 95 % lies within so many standard deviations. */
  private static final double DEVIATIONS = 1.96;

  /**
   * Returns what the values of a sample say of their sum over all records.
   *
   * @param values of the sample, at least one
   * @param records how many there are in all; those of the sample among them
   */
  static Spread ofSum(double[] values, long records) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double likely = mean * records;
    if (values.length >= records) {
      return new Spread(likely, likely, likely);
    }
    if (values.length < 2) {
      // One value says nothing of how others differ.
      return new Spread(0, likely, Double.POSITIVE_INFINITY);
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double variance = squares / (values.length - 1);
    double share = 1 - (double) values.length / records;
    double half = DEVIATIONS * records * Math.sqrt(variance / values.length * share);
    return new Spread(Math.max(0, likely - half), likely, likely + half);
  }

  /** Returns the same in another unit. */
  Spread times(double factor) {
    return new Spread(low * factor, likely * factor, high * factor);
  }
}
