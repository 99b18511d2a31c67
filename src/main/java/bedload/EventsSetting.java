package bedload;

import bedload.announce.Audience;
import bedload.announce.EventFile;
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
