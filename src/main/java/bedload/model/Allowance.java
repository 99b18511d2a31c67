package bedload.model;

import bedload.job.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The calls and tokens of a rate that this node may still use. A call takes the tokens of a mean
 * one when it begins, and what it really took is settled when it is answered. Not thread-safe.
 */
final class Allowance {
  private static final double NEWEST = 0.05;

  /** For how long a rate is bought ahead; the book hands out little more than that at a time. */
  private static final double MOST_SECONDS = 2;

  private static final double LEAST_WANTED = 16;

  private boolean isRated;
  private double calls;
  private double tokens;

  /** A guess until the first answer: with none at all the first calls would all begin at once. */
  private double meanTokens = 500;

  private double begunSinceAsked;
  private double lastWanted = LEAST_WANTED;

  void add(double moreCalls, double moreTokens) {
    isRated = true;
    calls = Math.min(Double.MAX_VALUE, calls + moreCalls);
    tokens = Math.min(Double.MAX_VALUE, tokens + moreTokens);
  }

  /** Says whether a call may be begun. */
  boolean isOpen() {
    return !isRated || (calls >= 1 && tokens > 0);
  }

  void begun() {
    begunSinceAsked++;
    if (isRated) {
      calls -= 1;
      tokens -= meanTokens;
    }
  }

  void settle(TokenUsage usage) {
    if (isRated) {
      double used = count(usage.input()) + count(usage.output());
      tokens += meanTokens - used;
      meanTokens = meanTokens == 0 ? used : meanTokens + NEWEST * (used - meanTokens);
    }
  }

  private static double count(@Nullable Long tokens) {
    return tokens == null ? 0 : tokens;
  }

  /** Returns how many more calls could be begun; the time since it was last asked is given. */
  double callsWanted(Duration sinceAsked) {
    double wanted = Math.max(LEAST_WANTED, MOST_SECONDS * begunSinceAsked / seconds(sinceAsked));
    begunSinceAsked = 0;
    lastWanted = wanted;
    return Math.max(0, wanted - calls);
  }

  /** Returns the tokens of as many calls as were last asked for, less what there is. */
  double tokensWanted() {
    return Math.max(0, lastWanted * meanTokens - tokens);
  }

  private static double seconds(Duration within) {
    return Math.max(0.001, within.toNanos() / 1e9);
  }
}
