package bedload.conformance;

import bedload.wire.AccessKey;
import bedload.wire.AwsDoor;
import bedload.wire.AwsError;
import bedload.wire.Call;
import bedload.wire.CallFault;
import bedload.wire.FixedAccessKeys;
import bedload.wire.HttpFront;
import bedload.wire.ListenAddress;
import bedload.wire.Operation;
import bedload.wire.Route;
import bedload.wire.TextRule;
import bedload.wire.Violations;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * A service that accepts no job, behind bedload's own door: it refuses each with the error that the
 * job is named after, so that a client can be shown errors that no caller can provoke.
 */
final class FaultyService implements AutoCloseable {
  private final HttpFront front;

  FaultyService(Endpoint endpoint) {
    AccessKey key =
        new AccessKey(endpoint.accessKeyId(), "000000000000", endpoint.secretAccessKey());
    AwsDoor door =
        new AwsDoor(
            List.of(new Refusal()),
            new FixedAccessKeys(List.of(key), Map.of()),
            InstantSource.system(),
            endpoint.region());
    front = HttpFront.start(new ListenAddress("127.0.0.1", 0), door, _ -> {});
  }

  String url() {
    return "http://127.0.0.1:" + front.port();
  }

  @Override
  public void close() {
    front.close();
  }

  private static final class Refusal implements Operation {
    @Override
    public Route route() {
      return new Route("CreateModelInvocationJob", "POST", "/model-invocation-job");
    }

    @Override
    public Object answer(Call call) {
      String name = call.members(new Violations()).requiredText("jobName", TextRule.ANY);
      for (AwsError error : AwsError.values()) {
        if (error.wireName().equals(name)) {
          throw new CallFault(error, "refused as asked");
        }
      }
      throw new IllegalStateException("No error is called " + name);
    }
  }
}
