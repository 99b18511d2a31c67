package bedload.catalog;

/** Whether an account's users can query the catalog with their own PostgreSQL clients. */
public sealed interface Admission {
  /**
   * They can.
   *
   * @param user the role to log in as
   */
  record Admitted(String user) implements Admission {}

  /**
   * They cannot; everything else works.
   *
   * @param reason a sentence for whoever runs the service: what is missing and how to give it
   */
  record Closed(String reason) implements Admission {}
}
