package bedload.collect;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The place for one answer's JSON as it came over the wire. A page of a thousand resources takes
 * the SDK and the way back to members five times as long, most of it for times; so the SDK is given
 * an empty object in its stead. Signatures, errors, and answers that are no JSON stay the SDK's.
 */
final class JsonAnswer {
  /** By which a request brings its place. */
  static final ExecutionAttribute<JsonAnswer> PLACE = new ExecutionAttribute<>("JsonAnswer");

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<Map<String, Object>> DOCUMENT = new TypeReference<>() {};
  private static final byte[] NOTHING = {'{', '}'};

  private byte[] json = {};

  /**
   * Returns the answer; empty if none came, or none in JSON.
   *
   * @throws JacksonException if it is called JSON and is none
   */
  Optional<Map<String, Object>> document() {
    return json.length == 0 ? Optional.empty() : Optional.of(JSON.readValue(json, DOCUMENT));
  }

  private InputStream take(InputStream body) {
    try (body) {
      json = body.readAllBytes();
      return new ByteArrayInputStream(NOTHING);
    } catch (IOException e) {
      throw SdkClientException.create("The answer did not come to its end", e);
    }
  }

  /** Puts the JSON of answers into the places that requests have brought. */
  static final class Taker implements ExecutionInterceptor {
    @Override
    public Optional<InputStream> modifyHttpResponseContent(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      JsonAnswer place = attributes.getAttribute(PLACE);
      return place != null && isJson(context.httpResponse())
          ? context.responseBody().map(place::take)
          : context.responseBody();
    }

    private static boolean isJson(SdkHttpResponse answer) {
      return answer.isSuccessful()
          && answer.firstMatchingHeader("Content-Encoding").isEmpty()
          && answer
              .firstMatchingHeader("Content-Type")
              .filter(type -> type.contains("json"))
              .isPresent();
    }
  }
}
