package bedload.model;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which of several equal servers the next record goes to: the one with the fewest calls in flight,
 * or the one that the record's beginning belongs to, if that has hardly more. Records with a long
 * beginning in common so meet at one server, which has it in its cache. A server that fails rests,
 * and is tried again by one call at a time. Thread-safe.
 */
final class ReplicaBoard {
  /** Shorter records have no beginning worth a cache. */
  static final int PREFIX_BYTES = 1024;

  /** For every so many calls of the least busy server the preferred one may have one more. */
  private static final int SLACK = 8;

  private static final Duration FIRST_REST = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 5;

  /** How long a server is left alone that refused a call for load and named no time. */
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(250);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** What the board says. */
  sealed interface Turn {
    /** Call this server, and give it back. */
    record Call(int server) implements Turn {}

    /** No server takes a call now; zero if nobody knows for how long. */
    record Wait(Duration left) implements Turn {}
  }

  /** One server as the board knows it. */
  private static final class Place {
    private final long hash;
    private int inFlight;
    private int failures;
    private long restUntil;
    private long lastTaken;

    private Place(long hash, long now) {
      this.hash = hash;
      this.restUntil = now;
    }
  }

  private final List<Place> places;
  private final int mostEach;
  private final LongSupplier nanoTime;
  private long taken;

  /**
   * Makes a board.
   *
   * @param names of the servers; a record's beginning belongs to the same name at every start
   * @param mostEach the most calls in flight to one server
   */
  ReplicaBoard(List<String> names, int mostEach, LongSupplier nanoTime) {
    long now = nanoTime.getAsLong();
    this.places = names.stream().map(name -> new Place(hash(name), now)).toList();
    this.mostEach = mostEach;
    this.nanoTime = nanoTime;
  }

  /**
   * Chooses a server for a record and counts the call in.
   *
   * @param tried servers that this record is not to go to
   */
  synchronized Turn take(byte[] modelInput, BitSet tried) {
    long now = nanoTime.getAsLong();
    List<Integer> open =
        IntStream.range(0, places.size())
            .filter(server -> !tried.get(server) && places.get(server).inFlight < mostEach)
            .boxed()
            .toList();
    List<Integer> well = open.stream().filter(server -> isWell(places.get(server), now)).toList();
    // Where all have failed, one of them has to be asked, or nobody would learn that it is back.
    boolean allFailed = places.stream().allMatch(place -> place.failures > 0);
    List<Integer> askable = well.isEmpty() && allFailed ? open : well;
    if (askable.isEmpty()) {
      return new Turn.Wait(shortestRest(tried, now));
    }
    int server = choice(askable, modelInput);
    Place place = places.get(server);
    place.inFlight++;
    place.lastTaken = ++taken;
    return new Turn.Call(server);
  }

  private boolean isWell(Place place, long now) {
    boolean isRested = now - place.restUntil >= 0;
    return isRested && (place.failures == 0 || place.inFlight == 0);
  }

  /** A server that only has all its calls is as good as free: one of them will end. */
  private Duration shortestRest(BitSet tried, long now) {
    return IntStream.range(0, places.size())
        .filter(server -> !tried.get(server))
        .mapToObj(server -> Duration.ofNanos(Math.max(0, places.get(server).restUntil - now)))
        .min(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private int choice(List<Integer> askable, byte[] modelInput) {
    Comparator<Integer> byLoad = Comparator.comparingInt(server -> places.get(server).inFlight);
    int least =
        askable.stream()
            .min(byLoad.thenComparingLong(server -> places.get(server).lastTaken))
            .orElseThrow();
    Optional<Integer> preferred = preferred(askable, modelInput);
    int leastInFlight = places.get(least).inFlight;
    return preferred
        .filter(
            server ->
                places.get(server).inFlight <= leastInFlight + Math.max(1, leastInFlight / SLACK))
        .orElse(least);
  }

  /**
   * Returns the server that a record's beginning belongs to, by rendezvous hashing: when a server
   * comes or goes, only what belongs to it moves.
   */
  private Optional<Integer> preferred(List<Integer> askable, byte[] modelInput) {
    if (modelInput.length < PREFIX_BYTES) {
      return Optional.empty();
    }
    long prefix = checksum(modelInput, PREFIX_BYTES);
    return askable.stream()
        .max(Comparator.comparingLong(server -> mixed(prefix ^ places.get(server).hash)));
  }

  /**
   * Gives a server back.
   *
   * @param reply what it answered; null if the call was given up
   */
  synchronized void give(int server, @Nullable ModelReply reply) {
    Place place = places.get(server);
    place.inFlight--;
    if (reply == null) {
      return;
    }
    long now = nanoTime.getAsLong();
    switch (reply) {
      case ModelReply.Overload overload -> {
        // Whoever refuses is there.
        place.failures = 0;
        place.restUntil = now + bounded(overload.after()).toNanos();
      }
      case ModelReply.Silence _ -> failed(place, now);
      case ModelReply.Refusal refusal when isOfTheServer(refusal) -> failed(place, now);
      case ModelReply.Answer _, ModelReply.Refusal _ -> place.failures = 0;
    }
  }

  /** Says whether a refusal is the server's and not the record's: another server may answer. */
  static boolean isOfTheServer(ModelReply.Refusal refusal) {
    return refusal.errorCode() != 400;
  }

  private static void failed(Place place, long now) {
    // Calls that were in flight together fail together, and count once.
    if (now - place.restUntil >= 0) {
      place.failures++;
      long rest = FIRST_REST.toNanos() << Math.min(place.failures - 1, MOST_DOUBLINGS);
      place.restUntil = now + rest;
    }
  }

  private static Duration bounded(Duration after) {
    if (after.compareTo(SHORTEST_WAIT) < 0) {
      return SHORTEST_WAIT;
    }
    return after.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : after;
  }

  private static long hash(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return mixed(checksum(bytes, bytes.length));
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return checksum.getValue();
  }

  /** Spreads every bit over all: the finish of SplitMix64. */
  private static long mixed(long bits) {
    long mixed = bits + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
