package bedload.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

class SdkProviderTest {
  @Test
  void credentialsThatAreNowhereAreToldWithoutTheNamesOfClasses() {
    AwsCredentialsProviderChain nothing =
        AwsCredentialsProviderChain.of(ProfileCredentialsProvider.create("no-such-profile"));

    assertThatThrownBy(nothing::resolveCredentials)
        .isInstanceOfSatisfying(
            SdkClientException.class,
            trouble ->
                assertThat(SdkProvider.sentence(trouble))
                    .startsWith("there are no credentials")
                    .doesNotContain("Provider"));
  }

  @Test
  void otherTroubleKeepsItsWords() {
    assertThat(SdkProvider.sentence(SdkClientException.create("the clock is wrong")))
        .isEqualTo("the clock is wrong");
  }
}
