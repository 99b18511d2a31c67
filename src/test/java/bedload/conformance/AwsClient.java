package bedload.conformance;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One of AWS's clients, unmodified. It gets a request's members by their names on the wire, and
 * gives back what it made of the answer, by the same names.
 */
interface AwsClient extends AutoCloseable {
  /** Returns who it is, with its version. */
  String version();

  /**
   * Calls an operation.
   *
   * @param operation as AWS names it, such as GetModelInvocationJob
   */
  Outcome call(String operation, ObjectNode input);

  /** Writes an object by the client's own means. */
  void put(String bucket, String key, String text);

  /** Returns the keys below a prefix, by the client's own means. */
  List<String> keys(String bucket, String prefix);

  /** Returns what an object holds, by the client's own means. */
  String text(String bucket, String key);

  /** Ends the client. */
  @Override
  void close();

  /** What a client made of an answer. */
  sealed interface Outcome {
    /** The operation's output. */
    record Output(JsonNode members) implements Outcome {}

    /**
     * An exception.
     *
     * @param type the name of the client's own class for it; "untyped" if it has none
     * @param members what it carries, as far as the client gives it to its caller
     */
    record Fault(String type, String message, JsonNode members) implements Outcome {}
  }
}
