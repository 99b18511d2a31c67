package bedload.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.wire.AccessKey;
import bedload.wire.RawHttp;
import bedload.wire.Signed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.FoundationModelDetails;
import software.amazon.awssdk.services.bedrock.model.FoundationModelLifecycleStatus;
import software.amazon.awssdk.services.bedrock.model.FoundationModelSummary;
import software.amazon.awssdk.services.bedrock.model.GetInferenceProfileResponse;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileModel;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileStatus;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileSummary;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileType;
import software.amazon.awssdk.services.bedrock.model.InferenceType;
import software.amazon.awssdk.services.bedrock.model.ListFoundationModelsRequest;
import software.amazon.awssdk.services.bedrock.model.ListInferenceProfilesResponse;
import software.amazon.awssdk.services.bedrock.model.ModelCustomization;
import software.amazon.awssdk.services.bedrock.model.ModelModality;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/** Models and inference profiles as the configuration has them, through the AWS SDK for Java. */
class ModelOperationsTest {
  private static final String TITAN = TestService.MODEL;
  private static final String MISTRAL = "mistral.mistral-7b-instruct-v0:2";
  private static final String LOCAL = "qwen2.5:0.5b";
  private static final String EU = "eu.amazon.nova-pro-v1:0";
  private static final String US = "us.amazon.nova-pro-v1:0";
  private static final String GLOBAL = "global.amazon.nova-2-lite-v1:0";

  private static TestService service;

  private final AccessKey key = TestService.newKey();
  private BedrockClient client;

  @BeforeAll
  static void startService() {
    service =
        new TestService(
            new ConfiguredModels(
                List.of(TITAN, US, MISTRAL, LOCAL, "anthropic.*", GLOBAL, EU, MISTRAL)));
  }

  @AfterAll
  static void stopService() {
    service.close();
  }

  @BeforeEach
  void open() {
    client = service.client(key);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private List<String> listed(Consumer<ListFoundationModelsRequest.Builder> filters) {
    return client.listFoundationModels(filters).modelSummaries().stream()
        .map(FoundationModelSummary::modelId)
        .toList();
  }

  private FoundationModelDetails model(String identifier) {
    return client.getFoundationModel(get -> get.modelIdentifier(identifier)).modelDetails();
  }

  private GetInferenceProfileResponse profile(String identifier) {
    return client.getInferenceProfile(get -> get.inferenceProfileIdentifier(identifier));
  }

  private String profileArn(String id) {
    return "arn:aws:bedrock:us-east-1:%s:inference-profile/%s".formatted(key.account(), id);
  }

  @Test
  void everyModelThatIsConfiguredByItsNameIsListedOnce() {
    assertThat(listed(_ -> {})).containsExactly(TITAN, MISTRAL, LOCAL);
  }

  @Test
  void filtersNarrowTheModels() {
    assertThat(listed(list -> list.byOutputModality(ModelModality.EMBEDDING)))
        .containsExactly(TITAN);
    assertThat(listed(list -> list.byOutputModality(ModelModality.TEXT)))
        .containsExactly(MISTRAL, LOCAL);
    assertThat(listed(list -> list.byOutputModality(ModelModality.IMAGE))).isEmpty();
    assertThat(listed(list -> list.byProvider("mistral ai"))).containsExactly(MISTRAL);
    assertThat(listed(list -> list.byProvider("Amazon"))).containsExactly(TITAN);
    assertThat(listed(list -> list.byInferenceType(InferenceType.ON_DEMAND))).hasSize(3);
    assertThat(listed(list -> list.byInferenceType(InferenceType.PROVISIONED))).isEmpty();
    assertThat(listed(list -> list.byCustomizationType(ModelCustomization.FINE_TUNING))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/foundation-models, byOutputModality",
    "/foundation-models, byInferenceType",
    "/foundation-models, byCustomizationType",
    "/foundation-models, byProvider",
    "/inference-profiles, type",
    "/inference-profiles, maxResults",
    "/inference-profiles, nextToken"
  })
  void filterThatBreaksARuleIsNamed(String path, String filter) {
    RawHttp.Reply reply =
        new Signed(key, service.port()).send("GET", path + "?" + filter + "=%20_", "");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("Value ' _' at '" + filter + "'");
  }

  @Test
  void modelIsDescribedByItsIdAndItsArn() {
    FoundationModelDetails model = model(TITAN);

    assertThat(model.modelArn())
        .isEqualTo("arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0");
    assertThat(model.modelId()).isEqualTo(TITAN);
    assertThat(model.modelName()).isEqualTo("titan-embed-text-v2:");
    assertThat(model.providerName()).isEqualTo("Amazon");
    assertThat(model.inputModalities()).containsExactly(ModelModality.TEXT);
    assertThat(model.outputModalities()).containsExactly(ModelModality.EMBEDDING);
    assertThat(model.responseStreamingSupported()).isFalse();
    assertThat(model.customizationsSupported()).isEmpty();
    assertThat(model.inferenceTypesSupported()).containsExactly(InferenceType.ON_DEMAND);
    assertThat(model.modelLifecycle().status()).isEqualTo(FoundationModelLifecycleStatus.ACTIVE);
    assertThat(model(model.modelArn())).isEqualTo(model);
  }

  @Test
  void modelThatOnlyAPatternServesIsDescribedToo() {
    FoundationModelDetails model = model("anthropic.claude-3-haiku-20240307-v1:0");

    assertThat(model.providerName()).isEqualTo("Anthropic");
    assertThat(model.outputModalities()).containsExactly(ModelModality.TEXT);
  }

  @Test
  void nameThatAwsWouldNotTakeIsALocalModel() {
    assertThat(model(LOCAL).providerName()).isEqualTo("Local");
    assertThat(model(LOCAL).modelName()).isEqualTo(LOCAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amazon.nova-pro-v1:0",
        US,
        "anthropic.*",
        "arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0"
      })
  void modelThatIsNotServedUnderThatIdIsNotFound(String identifier) {
    assertThatThrownBy(() -> model(identifier))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining(identifier);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Titan", "qwen2.5:7b"})
  void identifierOfNoModelsFormIsInvalid(String identifier) {
    assertThatThrownBy(() -> model(identifier))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("The provided model identifier is invalid");
  }

  @Test
  void profilesAreListedPageByPageInTheOrderOfTheirIds() {
    List<String> seen = new ArrayList<>();
    int pages = 0;
    for (ListInferenceProfilesResponse page :
        client.listInferenceProfilesPaginator(list -> list.maxResults(2))) {
      pages++;
      page.inferenceProfileSummaries().stream()
          .map(InferenceProfileSummary::inferenceProfileId)
          .forEach(seen::add);
    }

    assertThat(seen).containsExactly(EU, GLOBAL, US);
    assertThat(pages).isEqualTo(2);
    assertThat(client.listInferenceProfiles(list -> list.maxResults(3)).nextToken()).isNull();
  }

  @Test
  void profilesAreTheServicesOwn() {
    assertThat(
            client
                .listInferenceProfiles(list -> list.typeEquals(InferenceProfileType.SYSTEM_DEFINED))
                .inferenceProfileSummaries())
        .hasSize(3);
    assertThat(
            client
                .listInferenceProfiles(list -> list.typeEquals(InferenceProfileType.APPLICATION))
                .inferenceProfileSummaries())
        .isEmpty();
  }

  @Test
  void tokenOfProfilesIsGoodForItsOwnListOnly() {
    String token = client.listInferenceProfiles(list -> list.maxResults(1)).nextToken();

    assertThatThrownBy(
            () ->
                client.listInferenceProfiles(
                    list -> list.nextToken(token).typeEquals(InferenceProfileType.SYSTEM_DEFINED)))
        .isInstanceOf(ValidationException.class);
    assertThatThrownBy(() -> client.listModelInvocationJobs(list -> list.nextToken(token)))
        .isInstanceOf(ValidationException.class);
  }

  @Test
  void profileIsDescribedByItsIdAndItsArn() {
    GetInferenceProfileResponse profile = profile(US);

    assertThat(profile.inferenceProfileArn()).isEqualTo(profileArn(US));
    assertThat(profile.inferenceProfileId()).isEqualTo(US);
    assertThat(profile.inferenceProfileName()).isEqualTo("us amazon nova pro v1 0");
    assertThat(profile.models())
        .extracting(InferenceProfileModel::modelArn)
        .containsExactly("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0");
    assertThat(profile.status()).isEqualTo(InferenceProfileStatus.ACTIVE);
    assertThat(profile.type()).isEqualTo(InferenceProfileType.SYSTEM_DEFINED);
    assertThat(profile(profileArn(US)).inferenceProfileId()).isEqualTo(US);
  }

  @Test
  void profileThatIsNotTheCallersOrNotServedIsNotFound() {
    String others = profileArn(US).replace(key.account(), "210987654321");
    String application =
        profileArn(US).replace("inference-profile", "application-inference-profile");

    for (String identifier : List.of(others, application, "jp.amazon.nova-pro-v1:0", TITAN)) {
      assertThatThrownBy(() -> profile(identifier))
          .isInstanceOf(ResourceNotFoundException.class)
          .hasMessageContaining(identifier);
    }
    assertThatThrownBy(() -> profile("a_b")).isInstanceOf(ValidationException.class);
  }
}
