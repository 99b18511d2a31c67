package bedload;

/** The command line. */
public final class Bedload {
  private Bedload() {}

  public static void main(String[] args) {
    System.out.println("bedload");
  }
}
