package bedload.collect;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import tools.jackson.core.JacksonException;

/**
 * AWS's SDK, asked by the names of operations and members that schema files give: a new type of a
 * service that the SDK has needs no code.
 */
final class SdkProvider implements Provider {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private final Function<Class<?>, SdkClient> makeClient;
  private final Runnable onClose;
  private final Map<String, SdkClient> clients = new ConcurrentHashMap<>();
  private final Map<String, Method> methods = new ConcurrentHashMap<>();

  /**
   * @param makeClient makes a client of an SDK's interface, without any retry of its own
   * @param onClose what is to be closed after the clients
   */
  SdkProvider(Function<Class<?>, SdkClient> makeClient, Runnable onClose) {
    this.makeClient = makeClient;
    this.onClose = onClose;
  }

  @Override
  public ProviderReply call(String service, String operation, Map<String, ?> members) {
    SdkClient client = clients.computeIfAbsent(service, this::client);
    Method method =
        methods.computeIfAbsent(service + "." + operation, _ -> method(service, operation));
    JsonAnswer json = new JsonAnswer();
    SdkRequest request = request(method.getParameterTypes()[0], members, json);
    try {
      SdkPojo answer = (SdkPojo) method.invoke(client, request);
      return new ProviderReply.Answer(json.document().orElseGet(() -> SdkDocuments.of(answer)));
    } catch (InvocationTargetException e) {
      return switch (e.getCause()) {
        case AwsServiceException fault -> failed(fault);
        case SdkClientException trouble -> failed(trouble);
        case RuntimeException bug -> throw bug;
        case null, default -> throw new IllegalStateException(e);
      };
    } catch (JacksonException e) {
      return new ProviderReply.Unavailable("the answer is no JSON: " + e.getOriginalMessage());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private SdkClient client(String service) {
    return makeClient.apply(clientOf(service));
  }

  /**
   * Returns the SDK's interface of a service, such as {@code bedrock-agent}.
   *
   * @throws IllegalArgumentException if this program has no part of the SDK for it
   */
  static Class<?> clientOf(String service) {
    StringBuilder name = new StringBuilder("software.amazon.awssdk.services.");
    name.append(service.replace("-", "")).append('.');
    for (String word : service.split("-")) {
      name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    try {
      return Class.forName(name.append("Client").toString());
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "This program has no part of AWS's SDK for the service " + service, e);
    }
  }

  /**
   * Returns how the SDK calls an operation.
   *
   * @throws IllegalArgumentException if it knows no such operation
   */
  static Method method(String service, String operation) {
    String name = operation.substring(0, 1).toLowerCase(Locale.ROOT) + operation.substring(1);
    return Arrays.stream(clientOf(service).getMethods())
        .filter(method -> method.getName().equals(name) && method.getParameterCount() == 1)
        .filter(method -> SdkRequest.class.isAssignableFrom(method.getParameterTypes()[0]))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "AWS's SDK knows no operation %s of the service %s"
                        .formatted(operation, service)));
  }

  private static SdkRequest request(Class<?> type, Map<String, ?> members, JsonAnswer json) {
    try {
      AwsRequest.Builder builder = (AwsRequest.Builder) type.getMethod("builder").invoke(null);
      SdkDocuments.fill((SdkPojo) builder, members);
      return builder
          .overrideConfiguration(
              AwsRequestOverrideConfiguration.builder()
                  .putExecutionAttribute(JsonAnswer.PLACE, json)
                  .build())
          .build();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ProviderReply failed(AwsServiceException fault) {
    Optional<AwsErrorDetails> details = Optional.ofNullable(fault.awsErrorDetails());
    String code = details.map(AwsErrorDetails::errorCode).orElse("HTTP " + fault.statusCode());
    String sentence =
        "%s: %s"
            .formatted(
                code, details.map(AwsErrorDetails::errorMessage).orElse("no reason was given"));
    if (fault.statusCode() == TOO_MANY_REQUESTS || fault.isThrottlingException()) {
      return new ProviderReply.Throttled(sentence);
    }
    return fault.statusCode() >= SERVER_ERROR
        ? new ProviderReply.Unavailable(sentence)
        : new ProviderReply.Refused(code, sentence);
  }

  private static ProviderReply failed(SdkClientException trouble) {
    for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return new ProviderReply.Unavailable(
            "no connection: %s".formatted(io.getMessage() == null ? io : io.getMessage()));
      }
    }
    return new ProviderReply.Refused("SdkClientException", sentence(trouble));
  }

  /** The SDK lists the classes in which it looked for credentials; people need to know where. */
  static String sentence(SdkClientException trouble) {
    String message = String.valueOf(trouble.getMessage());
    return message.startsWith("Unable to load credentials")
        ? "there are no credentials: neither AWS_ACCESS_KEY_ID in the environment of the service, nor a"
            + " profile, nor a role of this machine; name a profile in the source, or set the environment"
        : message;
  }

  @Override
  public void close() {
    clients.values().forEach(SdkClient::close);
    onClose.run();
  }
}
