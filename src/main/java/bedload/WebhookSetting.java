package bedload;

import bedload.announce.Webhook;
import bedload.announce.WebhookSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as it stands in the settings.
 *
 * @param secretFile holds what calls are signed with
 */
public record WebhookSetting(URI url, Path secretFile) {
  // What YAML leaves out arrives as null, whatever the type says.
  @SuppressWarnings("ConstantValue")
  public WebhookSetting(@Nullable URI url, @Nullable Path secretFile) {
    if (url == null
        || url.getHost() == null
        || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
      throw new IllegalArgumentException(
          "an http or https URL is wanted for url, this is '" + url + "'");
    }
    if (secretFile == null) {
      throw new IllegalArgumentException(
          "secret-file is missing: the file with the secret that calls are signed with, made for instance by openssl rand -base64 32");
    }
    this.url = url;
    this.secretFile = secretFile;
  }

  /** Returns the webhook, to be closed by the caller. */
  Webhook open(InstantSource clock) {
    try {
      return new Webhook(url, WebhookSecret.parse(Files.readString(secretFile)), clock);
    } catch (IOException e) {
      throw new CommandFault(
          ExitCode.SETTINGS,
          "The webhook's secret cannot be read from %s: %s".formatted(secretFile, e),
          e);
    } catch (IllegalArgumentException e) {
      throw new CommandFault(ExitCode.SETTINGS, secretFile + ": " + e.getMessage(), e);
    }
  }
}
