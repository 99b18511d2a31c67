package bedload.wire;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The check that every signed call to the service passes, for servers of the tests. */
public final class TestSignatures {
  private final SigV4 verifier;

  /** Makes a check that knows one key. */
  public TestSignatures(String accessKeyId, String secret, InstantSource clock) {
    AccessKey key = new AccessKey(accessKeyId, "000000000000", secret);
    this.verifier = new SigV4(new FixedAccessKeys(List.of(key), Map.of()), clock);
  }

  /**
   * Returns the region that a request is signed for.
   *
   * @param headers by their names in lower case
   * @throws CallFault if the signature is not that of this very request
   */
  public String regionOf(String rawPath, Map<String, String> headers, byte[] body) {
    WireRequest request =
        new WireRequest() {
          @Override
          public String method() {
            return "POST";
          }

          @Override
          public String rawPath() {
            return rawPath;
          }

          @Override
          public String rawQuery() {
            return "";
          }

          @Override
          public List<String> headers(String name) {
            return Optional.ofNullable(headers.get(name)).stream().toList();
          }

          @Override
          public byte[] body() {
            return body;
          }
        };
    return verifier.verify(request, headers.getOrDefault("authorization", "")).region();
  }
}
