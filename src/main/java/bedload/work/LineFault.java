package bedload.work;

/**
 * What is wrong with a line of an input object.
 *
 * @param line the line's number, from 1
 * @param column where in the line, in bytes from 1
 * @param rule what a line must be
 * @param found what it is instead, cut to a readable length
 */
public record LineFault(long line, long column, String rule, String found) {
  @Override
  public String toString() {
    return "line %d, column %d: %s; found %s".formatted(line, column, rule, found);
  }
}
