package bedload.object.awssdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.gaul.s3proxy.S3ProxyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  @Test
  void threeFormsAreRead() {
    assertThat(ByteRange.parse("bytes=2-5", 10)).isEqualTo(new ByteRange(2, 6));
    assertThat(ByteRange.parse("bytes=2-", 10)).isEqualTo(new ByteRange(2, 10));
    assertThat(ByteRange.parse("bytes=-3", 10)).isEqualTo(new ByteRange(7, 10));
  }

  @Test
  void rangeEndsWithTheObject() {
    assertThat(ByteRange.parse("bytes=2-99", 10)).isEqualTo(new ByteRange(2, 10));
    assertThat(ByteRange.parse("bytes=-99", 10)).isEqualTo(new ByteRange(0, 10));
    assertThat(ByteRange.parse("bytes=0-9223372036854775807", 10)).isEqualTo(new ByteRange(0, 10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=10-", "bytes=5-4", "bytes=-0", "bytes=-", "bytes=a-b", "lines=1-2"})
  void otherFormsAreRefused(String header) {
    assertThatThrownBy(() -> ByteRange.parse(header, 10)).isInstanceOf(S3ProxyException.class);
  }
}
