package bedload.work;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A role and what jobs may do under it. In all names {@code *} stands for anything.
 *
 * @param arn its ARN, which the caller names
 * @param buckets those that a job may read from and write to
 * @param models those that it may call, by their bare ids
 */
public record Role(String arn, List<String> buckets, List<String> models) {
  /** Every role of the caller's account, for every bucket and model that the account has. */
  public static final Role ANY = new Role("*", List.of("*"), List.of("*"));

  public Role {
    if (arn.isBlank()) {
      throw new IllegalArgumentException("a role needs an arn: the one that callers name");
    }
    buckets = List.copyOf(buckets);
    models = List.copyOf(models);
  }

  boolean isMeantBy(String roleArn) {
    return fits(arn, roleArn);
  }

  boolean mayUseBucket(String bucket) {
    return buckets.stream().anyMatch(name -> fits(name, bucket));
  }

  boolean mayCall(String modelId) {
    return models.stream().anyMatch(name -> fits(name, modelId));
  }

  private static boolean fits(String pattern, String text) {
    String regex =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return text.matches(regex);
  }
}
