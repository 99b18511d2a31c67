package bedload.model;

import bedload.model.http.Origin;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;

/**
 * Amazon Bedrock itself, called for each record: bodies and answers go through as they are.
 *
 * @param region null if the environment or the profile names it
 * @param url another endpoint than the region's own, such as one within a VPC; null for that
 * @param served the model id or inference profile that is called; null for the one that jobs name
 * @param profile whose keys and region of AWS's shared files are taken; null for what AWS's SDKs
 *     find by default
 * @param key a Bedrock API key, which is sent in place of a signature; null to sign
 * @param deadline for a whole call
 * @param initialInFlight how many calls are made at once before anything is known
 * @param maxInFlight the most calls that are made at once
 */
public record BedrockBackend(
    @Nullable String region,
    @Nullable URI url,
    @Nullable String served,
    @Nullable String profile,
    @Nullable ApiKey key,
    Duration deadline,
    int initialInFlight,
    int maxInFlight)
    implements ModelEntry.Backend {
  /** The quotas of an account are mostly some hundred calls a minute. */
  public static final int DEFAULT_INITIAL_IN_FLIGHT = 16;

  /** More than most quotas allow. */
  public static final int DEFAULT_MAX_IN_FLIGHT = 256;

  private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]");

  public BedrockBackend {
    if (region != null && !REGION.matcher(region).matches()) {
      throw new IllegalArgumentException(
          "A region of AWS is written as us-east-1, this is '%s'".formatted(region));
    }
    if (url != null) {
      var _ = Origin.of(url);
    }
    if (profile != null && key != null) {
      throw new IllegalArgumentException(
          "Bedrock is called with a profile's keys or with an API key, not with both");
    }
    ModelEntry.Server.requireTerms(deadline, initialInFlight, maxInFlight);
  }

  /** Returns the backend with everything as it is by default. */
  public static BedrockBackend in(String region) {
    return new BedrockBackend(
        region,
        null,
        null,
        null,
        null,
        ModelEntry.Server.DEFAULT_DEADLINE,
        DEFAULT_INITIAL_IN_FLIGHT,
        DEFAULT_MAX_IN_FLIGHT);
  }

  /** Returns this backend with another deadline of a call. */
  public BedrockBackend within(Duration newDeadline) {
    return new BedrockBackend(
        region, url, served, profile, key, newDeadline, initialInFlight, maxInFlight);
  }

  /**
   * Returns the region that is called.
   *
   * @param environment where AWS's variables are
   * @throws IllegalArgumentException if nobody names one
   */
  String regionIn(Map<String, String> environment) {
    return Stream.<Supplier<@Nullable String>>of(
            () -> region,
            () -> environment.get("AWS_REGION"),
            () -> environment.get("AWS_DEFAULT_REGION"),
            () -> regionOfProfile(environment))
        .map(Supplier::get)
        .flatMap(found -> Optional.ofNullable(found).stream())
        .filter(found -> REGION.matcher(found).matches())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Which region's Bedrock is to be called is not said: give the model's entry a region, or set AWS_REGION"));
  }

  private @Nullable String regionOfProfile(Map<String, String> environment) {
    String name = profile == null ? environment.getOrDefault("AWS_PROFILE", "default") : profile;
    try {
      return new AwsProfileRegionProvider(ProfileFile::defaultProfileFile, name).getRegion().id();
    } catch (SdkClientException notThere) {
      return null;
    }
  }

  /** Returns the endpoint without a slash at its end. */
  String endpoint(Map<String, String> environment) {
    if (url != null) {
      return url.toString().replaceFirst("/+$", "");
    }
    String place = regionIn(environment);
    return "https://bedrock-runtime.%s.amazonaws.com%s"
        .formatted(place, place.startsWith("cn-") ? ".cn" : "");
  }
}
