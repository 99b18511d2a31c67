package bedload.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The request is one that boto3 1.43.11 made and signed, with its clock held at {@link #NOW}; its
 * signature is botocore's, not ours.
 */
class SigV4Test {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final AccessKey KEY =
      new AccessKey("AKIDEXAMPLE", "123456789012", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  private static final String AUTHORIZATION =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/bedrock/aws4_request,"
          + " SignedHeaders=host;x-amz-date, Signature=521abc037e3f76ee477911de3a7a424541f7e6a7734844d55e06b6321c8a00f7";

  private final KeyRing keys = new KeyRing();
  private final SigV4 sigV4 = new SigV4(keys, InstantSource.fixed(NOW));

  @Test
  void signatureOfAnotherSignerVerifies() {
    assertThat(sigV4.verify(request(AUTHORIZATION), AUTHORIZATION))
        .isEqualTo(new Caller("123456789012", "us-east-1"));
  }

  @Test
  void changedSecretHoldsAtOnce() {
    sigV4.verify(request(AUTHORIZATION), AUTHORIZATION);
    keys.key = new AccessKey(KEY.accessKeyId(), KEY.account(), "a new secret");

    assertFault(AUTHORIZATION, AwsError.INVALID_SIGNATURE, "does not match");

    keys.key = KEY;
    assertThat(sigV4.verify(request(AUTHORIZATION), AUTHORIZATION).account())
        .isEqualTo("123456789012");
  }

  @Test
  void keyWithASessionTokenNeedsIt() {
    keys.key = new AccessKey(KEY.accessKeyId(), KEY.account(), KEY.secret(), "the token");

    assertFault(AUTHORIZATION, AwsError.UNRECOGNIZED_CLIENT, "session token");

    FakeRequest wrong = request(AUTHORIZATION);
    wrong.headers.put("x-amz-security-token", "another token");
    assertThatThrownBy(() -> sigV4.verify(wrong, AUTHORIZATION))
        .hasMessageContaining("session token");

    FakeRequest right = request(AUTHORIZATION);
    right.headers.put("x-amz-security-token", "the token");
    assertThat(sigV4.verify(right, AUTHORIZATION).account()).isEqualTo("123456789012");
  }

  @Test
  void sessionTokenOfAKeyWithoutOneIsIgnored() {
    FakeRequest request = request(AUTHORIZATION);
    request.headers.put("x-amz-security-token", "whatever");

    assertThat(sigV4.verify(request, AUTHORIZATION).account()).isEqualTo("123456789012");
  }

  @Test
  void regionIsPartOfWhatIsSigned() {
    assertFault(
        AUTHORIZATION.replace("us-east-1", "us-west-2"),
        AwsError.INVALID_SIGNATURE,
        "does not match");
  }

  @Test
  void hostMustBeSigned() {
    assertFault(AUTHORIZATION.replace("host;", ""), AwsError.INVALID_SIGNATURE, "'Host' must be");
  }

  @Test
  void dayOfTheScopeMustBeTheDayOfTheRequest() {
    assertFault(
        AUTHORIZATION.replace("20260102", "20260101"),
        AwsError.INVALID_SIGNATURE,
        "Date in Credential scope");
  }

  @Test
  void credentialOfAnotherFormIsShown() {
    assertFault(
        AUTHORIZATION.replace("/aws4_request", "/aws5_request"),
        AwsError.INCOMPLETE_SIGNATURE,
        "aws5_request");
  }

  @Test
  void dateMustBeThereOnceAndWellFormed() {
    FakeRequest without = request(AUTHORIZATION);
    without.headers.remove("x-amz-date");
    assertThatThrownBy(() -> sigV4.verify(without, AUTHORIZATION))
        .hasMessageContaining("requires one 'X-Amz-Date'");

    FakeRequest nonsense = request(AUTHORIZATION);
    nonsense.headers.put("x-amz-date", "yesterday");
    assertThatThrownBy(() -> sigV4.verify(nonsense, AUTHORIZATION))
        .hasMessageContaining("'X-Amz-Date' is 'yesterday'");
  }

  @Test
  void whoeverIsRefusedByTheHeadersIsNeverRead() {
    FakeRequest request = request(AUTHORIZATION);
    keys.key = null;

    assertThatThrownBy(() -> sigV4.verify(request, AUTHORIZATION))
        .hasMessageContaining("no access key AKIDEXAMPLE");
    assertThat(request.bodyReads).isZero();
  }

  @Test
  void keyNeverShowsItsSecret() {
    assertThat(KEY.toString()).contains("AKIDEXAMPLE").doesNotContain(KEY.secret());
  }

  private void assertFault(String authorization, AwsError error, String sentence) {
    assertThatThrownBy(() -> sigV4.verify(request(authorization), authorization))
        .isInstanceOfSatisfying(
            CallFault.class, fault -> assertThat(fault.error()).isEqualTo(error))
        .hasMessageContaining(sentence);
  }

  private static FakeRequest request(String authorization) {
    FakeRequest request = new FakeRequest();
    request.headers.put("authorization", authorization);
    request.headers.put("host", "bedrock.us-east-1.amazonaws.com");
    request.headers.put("x-amz-date", "20260102T030405Z");
    return request;
  }

  /** A ring with one key, or none. */
  private static final class KeyRing implements AccessKeys {
    private @Nullable AccessKey key = KEY;

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
      return Optional.ofNullable(key).filter(found -> found.accessKeyId().equals(accessKeyId));
    }

    @Override
    public Optional<String> accountOfBearer(String bearer) {
      return Optional.empty();
    }
  }

  /** A stop of a job, as it arrives. */
  private static final class FakeRequest implements WireRequest {
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private int bodyReads;

    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String rawPath() {
      return "/model-invocation-job/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012"
          + "%3Amodel-invocation-job%2Fabcdefghijkl/stop";
    }

    @Override
    public String rawQuery() {
      return "";
    }

    @Override
    public List<String> headers(String name) {
      String value = headers.get(name);
      return value == null ? List.of() : List.of(value);
    }

    @Override
    public byte[] body() {
      bodyReads++;
      return new byte[0];
    }
  }
}
