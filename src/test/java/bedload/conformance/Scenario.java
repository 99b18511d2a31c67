package bedload.conformance;

import java.io.IOException;
import java.util.List;

/**
 * What every client must live through, in the same words.
 *
 * @param name what it is about, for people
 */
record Scenario(String name, Story story) {
  /** The table. */
  static final List<Scenario> ALL =
      List.of(
          new Scenario("create with everything set and get", JobStories::createWithEverythingSet),
          new Scenario("get by arn and by id", JobStories::getByArnAndById),
          new Scenario("repeat of a token", JobStories::repeatOfAToken),
          new Scenario("another request under a token", JobStories::anotherRequestUnderAToken),
          new Scenario("name in use", JobStories::nameInUse),
          new Scenario("request that breaks rules", JobStories::requestThatBreaksRules),
          new Scenario("role of another account", JobStories::roleOfAnotherAccount),
          new Scenario("unknown job", JobStories::unknownJob),
          new Scenario("stop", JobStories::stop),
          new Scenario("stop of an ended job", JobStories::stopOfAnEndedJob),
          new Scenario("list with each filter", ListStories::eachFilter),
          new Scenario("pages", ListStories::pages),
          new Scenario("forged page token", ListStories::forgedToken),
          new Scenario("tags", OtherStories::tags),
          new Scenario("too many tags", OtherStories::tooManyTags),
          new Scenario("models", OtherStories::models),
          new Scenario("inference profiles", OtherStories::inferenceProfiles),
          new Scenario("input put and output read", OtherStories::inputPutAndOutputRead),
          new Scenario("every error as a typed exception", OtherStories::everyError),
          new Scenario("retry after a lost answer", OtherStories::retryAfterALostAnswer));

  /** What happens on a stage; throws an AssertionError where a client could tell. */
  @FunctionalInterface
  interface Story {
    void play(Stage stage) throws IOException;
  }

  @Override
  public String toString() {
    return name;
  }
}
