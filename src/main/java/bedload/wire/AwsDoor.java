package bedload.wire;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way in for AWS's clients: finds the operation, learns who calls, and gives every answer
 * and every fault AWS's form. Knows no HTTP server. Thread-safe.
 */
public final class AwsDoor {
  private static final Logger LOG = LoggerFactory.getLogger(AwsDoor.class);
  private static final String AUTHORIZATION = "authorization";
  private static final String BEARER = "Bearer ";

  private final List<Operation> operations;
  private final Set<String> roots;
  private final AccessKeys keys;
  private final SigV4 sigV4;
  private final String bearerRegion;

  /**
   * Makes the door.
   *
   * @param bearerRegion the region of calls that come with a bearer key, which names none
   */
  public AwsDoor(
      List<Operation> operations, AccessKeys keys, InstantSource clock, String bearerRegion) {
    this.operations = List.copyOf(operations);
    this.roots =
        operations.stream()
            .map(operation -> operation.route().root())
            .collect(Collectors.toUnmodifiableSet());
    this.keys = keys;
    this.sigV4 = new SigV4(keys, clock);
    this.bearerRegion = bearerRegion;
  }

  /**
   * Says whether a request is an AWS client's: it is signed, or it asks for what only such a client
   * wants. All else is a browser's. What a signature claims decides only about the way it goes,
   * never about what it may do.
   */
  boolean concerns(WireRequest request) {
    boolean signed = request.headers(AUTHORIZATION).stream().anyMatch(SigV4::claims);
    String path = request.rawPath();
    return signed || (path.startsWith("/") && roots.contains(Route.segments(path).getFirst()));
  }

  /** Returns the answer, whatever happens: nothing is thrown past this. */
  Answer answer(WireRequest request) {
    String requestId = UUID.randomUUID().toString();
    try {
      return Answer.ok(requestId, call(requestId, request));
    } catch (CallFault fault) {
      LOG.debug(
          "Call {} {} {} refused: {}",
          requestId,
          request.method(),
          request.rawPath(),
          fault.sentence());
      return Answer.fault(requestId, fault);
    } catch (RuntimeException trouble) {
      LOG.error("Call {} {} {} failed", requestId, request.method(), request.rawPath(), trouble);
      return Answer.fault(
          requestId,
          AwsError.INTERNAL_SERVER,
          "The service could not answer. Its log says why under request id %s."
              .formatted(requestId));
    }
  }

  private Object call(String requestId, WireRequest request) {
    for (Operation operation : operations) {
      Optional<String> parameter = operation.route().match(request.method(), request.rawPath());
      if (parameter.isPresent()) {
        Caller caller = caller(request);
        return operation.answer(Call.of(requestId, caller, parameter.get(), request));
      }
    }
    throw new CallFault(
        AwsError.UNKNOWN_OPERATION,
        "No operation is called by %s %s"
            .formatted(request.method(), Excerpt.of(request.rawPath())));
  }

  private Caller caller(WireRequest request) {
    List<String> authorizations = request.headers(AUTHORIZATION);
    if (authorizations.isEmpty()) {
      throw new CallFault(
          AwsError.MISSING_AUTHENTICATION,
          "Missing Authentication Token: sign the request (AWS Signature Version 4, service"
              + " bedrock) or send a bearer key.");
    }
    String authorization = authorizations.getFirst();
    if (SigV4.claims(authorization)) {
      return sigV4.verify(request, authorization);
    }
    if (authorization.startsWith(BEARER)) {
      return keys.accountOfBearer(authorization.substring(BEARER.length()).strip())
          .map(account -> new Caller(account, bearerRegion))
          .orElseThrow(
              () ->
                  new CallFault(
                      AwsError.UNRECOGNIZED_CLIENT,
                      "The bearer key in the Authorization header is not known here."));
    }
    throw new CallFault(
        AwsError.INCOMPLETE_SIGNATURE,
        "The Authorization header must begin with AWS4-HMAC-SHA256 or Bearer.");
  }
}
