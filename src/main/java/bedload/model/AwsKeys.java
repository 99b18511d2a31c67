package bedload.model;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Where keys for AWS come from, by profile; each source keeps what it found. Thread-safe. */
final class AwsKeys implements AutoCloseable {
  private static final String NO_PROFILE = "";

  private final Map<String, AwsCredentialsProvider> sources = new ConcurrentHashMap<>();

  /**
   * Returns the keys of a profile of AWS's shared files.
   *
   * @param profile null for what AWS's SDKs find by default: variables, files, the machine's own
   */
  AwsCredentialsProvider of(@Nullable String profile) {
    return sources.computeIfAbsent(
        profile == null ? NO_PROFILE : profile,
        name ->
            name.equals(NO_PROFILE)
                ? DefaultCredentialsProvider.builder().build()
                : ProfileCredentialsProvider.create(name));
  }

  @Override
  public void close() {
    sources.values().stream()
        .filter(SdkAutoCloseable.class::isInstance)
        .forEach(source -> ((SdkAutoCloseable) source).close());
  }
}
