package bedload.collect;

import bedload.job.Arns;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A queue of SQS that a rule of EventBridge sends events of collected accounts to.
 *
 * @param url what AWS calls the queue's URL
 * @param region where the queue is
 * @param access what it is read with
 */
public record EventsQueue(URI url, String region, SourceAccess access) {
  private static final Pattern HOST_OF_AWS = Pattern.compile("sqs\\.([a-z0-9-]+)\\.amazonaws\\..*");
  private static final Pattern ACCOUNT_IN_PATH = Pattern.compile("/([0-9]{12})/[^/]+$");

  public EventsQueue {
    boolean isHttp = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
    if (!isHttp || url.getHost() == null || url.getPath().length() < 2) {
      throw new IllegalArgumentException(
          "events-queue: a queue's URL is wanted, such as https://sqs.us-east-1.amazonaws.com/111122223333/bedload, this is '%s'"
              .formatted(url));
    }
  }

  /**
   * Returns the queue at a URL, in the region that the URL names.
   *
   * @param otherwise the region, if the URL names none
   */
  public static EventsQueue at(URI url, String otherwise, SourceAccess access) {
    Matcher host = HOST_OF_AWS.matcher(url.getHost() == null ? "" : url.getHost());
    return new EventsQueue(url, host.matches() ? host.group(1) : otherwise, access);
  }

  /**
   * Returns the queue's Amazon Resource Name, by which IAM knows it. A URL that names no account
   * leaves that open.
   */
  public String arn() {
    String path = url.getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    Matcher account = ACCOUNT_IN_PATH.matcher(path);
    return "arn:%s:sqs:%s:%s:%s"
        .formatted(Arns.partition(region), region, account.find() ? account.group(1) : "*", name);
  }

  /** Returns who is asked for what the queue has. */
  URI endpoint() {
    return URI.create(url.getScheme() + "://" + url.getAuthority());
  }
}
