package bedload.conformance;

import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.BedrockException;
import software.amazon.awssdk.services.bedrock.model.BedrockRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.utils.builder.Buildable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The AWS SDK for Java. Requests are built and answers read through the fields that the SDK itself
 * marshals, so what it does not know is lost here as it would be in any program.
 */
final class JavaSdk implements AwsClient {
  private final BedrockClient client;
  private final S3Client s3;

  JavaSdk(Endpoint endpoint) {
    StaticCredentialsProvider keys =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(endpoint.accessKeyId(), endpoint.secretAccessKey()));
    s3 =
        S3Client.builder()
            .endpointOverride(URI.create(endpoint.s3()))
            .forcePathStyle(true)
            .region(Region.of(endpoint.region()))
            .credentialsProvider(keys)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
    client =
        BedrockClient.builder()
            .endpointOverride(URI.create(endpoint.url()))
            .region(Region.of(endpoint.region()))
            .credentialsProvider(keys)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(
                settings ->
                    settings.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(endpoint.attempts())
                            .build()))
            .build();
  }

  @Override
  public String version() {
    return "AWS SDK for Java " + VersionInfo.SDK_VERSION;
  }

  @Override
  public Outcome call(String operation, ObjectNode input) {
    try {
      Class<?> type =
          Class.forName(BedrockRequest.class.getPackageName() + "." + operation + "Request");
      SdkPojo request = (SdkPojo) type.getMethod("builder").invoke(null);
      fill(request, input);
      String method = operation.substring(0, 1).toLowerCase(Locale.ROOT) + operation.substring(1);
      Object answer =
          BedrockClient.class.getMethod(method, type).invoke(client, ((Buildable) request).build());
      return new Outcome.Output(read((SdkPojo) answer));
    } catch (InvocationTargetException e) {
      return fault(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The SDK has no operation " + operation, e);
    }
  }

  private static Outcome fault(Throwable thrown) {
    if (!(thrown instanceof BedrockException fault)) {
      throw new IllegalStateException("The SDK failed", thrown);
    }
    boolean typed = fault.getClass() != BedrockException.class;
    return new Outcome.Fault(
        typed ? fault.getClass().getSimpleName() : "untyped",
        String.valueOf(fault.getMessage()),
        read(fault));
  }

  private static void fill(SdkPojo builder, JsonNode members) {
    for (SdkField<?> field : builder.sdkFields()) {
      JsonNode value = members.get(field.locationName());
      if (value != null) {
        field.set(builder, toSdk(field, value));
      }
    }
  }

  private static Object toSdk(SdkField<?> field, JsonNode value) {
    MarshallingType<?> type = field.marshallingType();
    if (type.equals(MarshallingType.SDK_POJO)) {
      SdkPojo nested = field.constructor().get();
      fill(nested, value);
      return ((Buildable) nested).build();
    }
    if (type.equals(MarshallingType.LIST)) {
      SdkField<?> element = field.getTrait(ListTrait.class).memberFieldInfo();
      List<Object> list = new ArrayList<>();
      value.values().forEach(item -> list.add(toSdk(element, item)));
      return list;
    }
    if (type.equals(MarshallingType.INSTANT)) {
      return Instant.parse(value.stringValue());
    }
    return type.equals(MarshallingType.INTEGER) ? value.intValue() : value.stringValue();
  }

  /** Returns the members of an SDK object, by their names on the wire. */
  static ObjectNode members(SdkPojo pojo) {
    return read(pojo);
  }

  private static ObjectNode read(SdkPojo pojo) {
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    for (SdkField<?> field : pojo.sdkFields()) {
      Object value = field.getValueOrDefault(pojo);
      if (value != null) {
        members.set(field.locationName(), toJson(value));
      }
    }
    return members;
  }

  private static JsonNode toJson(Object value) {
    if (value instanceof SdkPojo nested) {
      return read(nested);
    }
    if (value instanceof List<?> list) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      list.forEach(item -> array.add(toJson(item)));
      return array;
    }
    return value instanceof Instant time
        ? JsonNodeFactory.instance.stringNode(time.toString())
        : JsonMapper.shared().valueToTree(value);
  }

  @Override
  public void put(String bucket, String key, String text) {
    s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(text));
  }

  @Override
  public List<String> keys(String bucket, String prefix) {
    return s3.listObjectsV2(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  @Override
  public String text(String bucket, String key) {
    return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String();
  }

  @Override
  public void close() {
    s3.close();
    client.close();
  }
}
