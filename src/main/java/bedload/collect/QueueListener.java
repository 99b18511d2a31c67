package bedload.collect;

import bedload.catalog.EventForm;
import bedload.catalog.ResourceEvents;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes EventBridge's events from a queue. A message leaves the queue when its event is in the
 * books, and what is of nothing that is collected leaves it at once: it would only come again.
 * Several nodes may listen to one queue.
 */
public final class QueueListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueueListener.class);
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The most that SQS gives at once. */
  private static final int MOST_MESSAGES = 10;

  /** The longest that SQS waits for a message: a queue at rest costs three calls a minute. */
  private static final int WAIT_SECONDS = 20;

  private final EventsQueue queue;
  private final SqsClient client;
  private final EventForm form;
  private final ResourceEvents events;
  private final Runnable onClose;
  private @Nullable FutureTask<List<Message>> waiting;
  private boolean isClosed;

  /**
   * @param onClose what is to be closed with it
   */
  QueueListener(
      EventsQueue queue,
      SqsClient client,
      EventForm form,
      ResourceEvents events,
      Runnable onClose) {
    this.queue = queue;
    this.client = client;
    this.form = form;
    this.events = events;
    this.onClose = onClose;
  }

  /** Waits a while for messages, takes them and returns how many there were. */
  public int step() {
    List<Message> messages = received();
    for (Message message : messages) {
      if (!isTaken(message)) {
        LOG.info("A message of {} is of nothing that is collected", queue.url());
      }
    }
    if (!messages.isEmpty()) {
      delete(messages);
    }
    return messages.size();
  }

  /** Returns what the queue has; nothing after the close, which need not wait for the queue. */
  private List<Message> received() {
    FutureTask<List<Message>> task = new FutureTask<>(this::receive);
    synchronized (this) {
      if (isClosed) {
        return List.of();
      }
      waiting = task;
    }
    Thread.ofVirtual().name("queue-receive").start(task);
    try {
      return task.get();
    } catch (CancellationException e) {
      return List.of();
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "The queue %s cannot be read: %s".formatted(queue.url(), e.getCause()), e.getCause());
    }
  }

  private List<Message> receive() {
    return client
        .receiveMessage(
            request ->
                request
                    .queueUrl(queue.url().toString())
                    .maxNumberOfMessages(MOST_MESSAGES)
                    .waitTimeSeconds(WAIT_SECONDS))
        .messages();
  }

  private boolean isTaken(Message message) {
    return event(message.body()).flatMap(form::read).map(events::acceptFromQueue).orElse(false);
  }

  /** Returns the event of a message, out of the envelope of SNS if that was on its way. */
  private static Optional<JsonNode> event(String body) {
    try {
      JsonNode root = JSON.readTree(body);
      boolean isEnvelope =
          root.path("Type").asString("").equals("Notification") && root.path("Message").isString();
      return Optional.of(isEnvelope ? JSON.readTree(root.path("Message").asString()) : root);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** What cannot be deleted comes again, and an event that comes twice is one. */
  private void delete(List<Message> messages) {
    List<DeleteMessageBatchRequestEntry> entries =
        messages.stream()
            .map(
                message ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id(message.messageId())
                        .receiptHandle(message.receiptHandle())
                        .build())
            .toList();
    client
        .deleteMessageBatch(request -> request.queueUrl(queue.url().toString()).entries(entries))
        .failed()
        .forEach(
            entry ->
                LOG.warn("A message of {} could not be deleted: {}", queue.url(), entry.message()));
  }

  /** Waits for nothing any more. */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      if (waiting != null) {
        waiting.cancel(true);
      }
    }
    onClose.run();
  }
}
