package bedload;

import bedload.ledger.Installation;

/**
 * Which node of a service keeps the objects of the embedded S3. They lie in that node's folder, and
 * the database knows all of them: a second embedded S3 over the same database would list objects
 * that it does not have.
 */
final class SharedS3 {
  private static final String KEEPER = "embedded-s3-node";
  private static final String URL = "embedded-s3-url";

  private final Installation installation;
  private final String nodeId;

  SharedS3(Installation installation, String nodeId) {
    this.installation = installation;
    this.nodeId = nodeId;
  }

  /**
   * Makes this node the keeper.
   *
   * @throws CommandFault if another is
   */
  void take() {
    String keeper = installation.agree(KEEPER, nodeId);
    if (!keeper.equals(nodeId)) {
      throw new CommandFault(
          ExitCode.SETTINGS,
          "The embedded S3 of this database keeps its objects on the node %s (%s), so this node cannot have one too. Give --s3-endpoint: that one's address as it is reached from here, or another S3. If that node and its objects are gone for good: delete from ledger.installation where name like 'embedded-s3-%%'"
              .formatted(keeper, installation.find(URL).orElse("it never came up")));
    }
  }

  /** Tells the other nodes where it is. */
  void publish(String url) {
    installation.write(URL, url);
  }

  /** Says whether a URL is the embedded S3 of one of the service's nodes, which knows our keys. */
  boolean isAt(String url) {
    return installation.find(URL).filter(url::equals).isPresent();
  }
}
