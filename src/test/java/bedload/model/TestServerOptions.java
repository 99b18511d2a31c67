package bedload.model;

import bedload.model.TestModelServer.Behaviour;
import bedload.model.TestModelServer.Received;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a test server of its own process is to behave.
 *
 * @param port 0 for a free one
 * @param log null for none
 * @param leastDelayMillis the shortest delay of an answer
 * @param mostDelayMillis the longest
 * @param busy the share of calls refused with 429, from 0 to 1
 * @param error the share of calls answered with 500
 * @param seed of all chance
 */
record TestServerOptions(
    int port,
    @Nullable Path log,
    long leastDelayMillis,
    long mostDelayMillis,
    double busy,
    double error,
    long seed) {

  /** Reads {@code --port N --log FILE --delay-ms A..B --busy 0.1 --error 0.1 --seed N}. */
  static TestServerOptions parse(String... args) {
    int port = 0;
    Path log = null;
    long least = 0;
    long most = 0;
    double busy = 0;
    double error = 0;
    long seed = 1;
    for (int i = 0; i + 1 < args.length; i += 2) {
      String value = args[i + 1];
      switch (args[i]) {
        case "--port" -> port = Integer.parseInt(value);
        case "--log" -> log = Path.of(value);
        case "--delay-ms" -> {
          String[] range = value.split("\\.\\.");
          least = Long.parseLong(range[0]);
          most = range.length > 1 ? Long.parseLong(range[1]) : least;
        }
        case "--busy" -> busy = Double.parseDouble(value);
        case "--error" -> error = Double.parseDouble(value);
        case "--seed" -> seed = Long.parseLong(value);
        default -> throw new IllegalArgumentException("Unknown option " + args[i]);
      }
    }
    return new TestServerOptions(port, log, least, most, busy, error, seed);
  }

  /** Returns what is done with each call: it follows from the seed and the call's number. */
  Function<Received, Behaviour> behaviour() {
    return call -> {
      SplittableRandom random = new SplittableRandom(seed * 1_000_003 + call.number());
      double chance = random.nextDouble();
      if (chance < busy) {
        return new Behaviour.Status(
            429, "Retry-After: 1\r\n", "{\"error\":{\"message\":\"busy\"}}");
      }
      if (chance < busy + error) {
        return new Behaviour.Status(500, "", "{\"error\":{\"message\":\"broken\"}}");
      }
      return new Behaviour.Answer(random.nextLong(leastDelayMillis, mostDelayMillis + 1));
    };
  }
}
