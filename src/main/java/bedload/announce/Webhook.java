package bedload.announce;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * A URL of the operator's to which each step or change is posted, signed as the Standard Webhooks
 * specification has it. Redirections are not followed: they could lead anywhere.
 */
public final class Webhook implements Audience {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  /**
   * What a server says of a body that it cannot use: bad request, conflict, too large, of no type
   * that it knows, of no use. All else, a 404 of a proxy among it, says nothing of the body.
   */
  private static final Set<Integer> ABOUT_THE_BODY = Set.of(400, 409, 413, 415, 422);

  private final URI url;
  private final WebhookSecret secret;
  private final InstantSource clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_WITHIN)
          .build();

  /**
   * @param clock what the signature's time is of
   */
  public Webhook(URI url, WebhookSecret secret, InstantSource clock) {
    this.url = url;
    this.secret = secret;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "webhook";
  }

  /** An event a call: so receivers know it from EventBridge. */
  @Override
  public int atOnce() {
    return 1;
  }

  @Override
  public Reception tell(List<Notice> notices) {
    for (Notice notice : notices) {
      Reception reception = tell(notice);
      if (!(reception instanceof Reception.Taken)) {
        return reception;
      }
    }
    return new Reception.Taken();
  }

  private Reception tell(Notice notice) {
    long seconds = clock.instant().getEpochSecond();
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(ANSWER_WITHIN)
            .header("Content-Type", "application/json")
            .header("User-Agent", "bedload")
            .header("webhook-id", notice.id())
            .header("webhook-timestamp", Long.toString(seconds))
            .header("webhook-signature", secret.signature(notice.id(), seconds, notice.body()))
            .POST(HttpRequest.BodyPublishers.ofString(notice.body()))
            .build();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      // Whatever it says beside its status, and however long, is of no interest.
      response.body().close();
      return reception(response.statusCode());
    } catch (IOException e) {
      return new Reception.Absent("It cannot be reached: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reception.Absent("The service goes down");
    }
  }

  private static Reception reception(int status) {
    if (status >= 200 && status < 300) {
      return new Reception.Taken();
    }
    String reason = "It answered " + status;
    return ABOUT_THE_BODY.contains(status)
        ? new Reception.Refused(reason)
        : new Reception.Absent(reason);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
