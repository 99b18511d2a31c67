package bedload.conformance;

/** What a client of AWS would find on a machine, and must not. */
final class Surroundings {
  private Surroundings() {}

  /** Takes every AWS setting of the machine away from a program. */
  static void clear(ProcessBuilder program) {
    program.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    program.environment().put("AWS_CONFIG_FILE", "/dev/null");
    program.environment().put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    program.environment().put("AWS_EC2_METADATA_DISABLED", "true");
  }
}
