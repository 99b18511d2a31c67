package bedload;

import bedload.announce.Audience;
import bedload.announce.EventFile;
import bedload.announce.Webhook;
import bedload.announce.WebhookSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is told when a job goes to another status; nobody unless it is set.
 *
 * @param file to which each event is added as a line of JSON; null for none
 * @param webhook to which each event is posted; null for none
 */
public record EventsSetting(@Nullable Path file, @Nullable WebhookSetting webhook) {
  /** Nobody is told. */
  static final EventsSetting NONE = new EventsSetting(null, null);

  /**
   * A webhook.
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

    private Webhook open(InstantSource clock) {
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

  /** Returns who is told, each to be closed by the caller. */
  List<Audience> open(InstantSource clock) {
    List<Audience> audiences = new ArrayList<>();
    if (file != null) {
      audiences.add(new EventFile(file));
    }
    if (webhook != null) {
      audiences.add(webhook.open(clock));
    }
    return audiences;
  }
}
