package bedload.command;

import static org.assertj.core.api.Assertions.assertThat;

import bedload.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** What every command says of itself, and what the pages about the command line say of it. */
class HelpTest {
  private static final Path DOCS = Path.of("docs");

  static Stream<CommandSpec> everyCommand() {
    List<CommandSpec> found = new ArrayList<>();
    collect(RootCommand.commandLine(0), found);
    return found.stream();
  }

  private static void collect(CommandLine line, List<CommandSpec> found) {
    found.add(line.getCommandSpec());
    line.getSubcommands().values().forEach(below -> collect(below, found));
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void everyCommandSaysWhatItIsAndGivesAnExampleOfItself(CommandSpec command) {
    String[] footer = command.usageMessage().footer();

    assertThat(String.join("", command.usageMessage().description()).strip())
        .endsWith(".")
        .hasSizeGreaterThan(20);
    assertThat(footer).anyMatch(line -> line.startsWith("Example:"));
    assertThat(footer)
        .as("an example that can be copied")
        .anyMatch(line -> line.startsWith("  ") && line.contains(command.qualifiedName(" ")));
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void everyOptionAndParameterSaysWhatItIs(CommandSpec command) {
    List<ArgSpec> arguments = new ArrayList<>(command.options());
    arguments.addAll(command.positionalParameters());
    assertThat(arguments)
        .allSatisfy(
            argument ->
                assertThat(String.join("", argument.description()).strip())
                    .as("%s %s", command.qualifiedName(" "), argument.paramLabel())
                    .isNotEmpty());
  }

  /** An example must be a command line that the command itself understands. */
  @ParameterizedTest
  @MethodSource("everyCommand")
  void optionsInExamplesExist(CommandSpec command) {
    String name = command.qualifiedName(" ");
    for (String line : command.usageMessage().footer()) {
      if (line.startsWith("  " + name + " ")) {
        Arrays.stream(line.split("[|;] *", -1)[0].split(" ", -1))
            .filter(word -> word.matches("--[a-z][a-z-]*"))
            .forEach(option -> assertThat(exists(command, option)).as(line).isTrue());
      }
    }
  }

  private static boolean exists(CommandSpec command, String option) {
    return command.optionsMap().containsKey(option)
        || command.subcommands().values().stream()
            .anyMatch(below -> exists(below.getCommandSpec(), option));
  }

  @Test
  void helpTellsEveryExitStatusAndSoDoThePages() throws IOException {
    String help = RootCommand.commandLine(0).getUsageMessage();
    String pages = Files.readString(DOCS.resolve("commands.md"));
    for (ExitCode code : ExitCode.values()) {
      String start = code.meaning().substring(0, Math.min(60, code.meaning().length()));
      assertThat(help).contains(code.number() + "  ").contains(start);
      assertThat(pages).contains("| %d | %s |".formatted(code.number(), code.meaning()));
    }
  }

  @Test
  void thePagesKnowEveryCommandAndWhichOfThemAnswerInJson() throws IOException {
    String pages = Files.readString(DOCS.resolve("commands.md"));
    everyCommand()
        .filter(command -> command.parent() != null)
        .forEach(
            command -> {
              String name = command.qualifiedName(" ");
              assertThat(pages).contains("`" + name);
              boolean answersInJson = command.optionsMap().containsKey("--json");
              assertThat(pages.contains("`" + name + " --json`"))
                  .as(name + " --json")
                  .isEqualTo(answersInJson);
            });
  }

  /** Help needs no options of commands, and a command none of its neighbours. */
  @Test
  void whatArgumentsNeedOfTheCommandsSaysTheSameAsAllOfThem() {
    CommandLine all = RootCommand.commandLine(0);

    assertThat(RootCommand.commandLine(0, new String[] {"--help"}).getUsageMessage())
        .isEqualTo(all.getUsageMessage());
    all.getSubcommands()
        .forEach(
            (name, whole) ->
                assertThat(subcommand(name, name).getUsageMessage())
                    .as(name)
                    .isEqualTo(whole.getUsageMessage()));
  }

  @Test
  void completionKnowsTheOptionsOfAllCommands() {
    assertThat(subcommand("serve", "completion").getCommandSpec().optionsMap())
        .containsKey("--listen");
  }

  private static CommandLine subcommand(String name, String... args) {
    return Objects.requireNonNull(RootCommand.commandLine(0, args).getSubcommands().get(name));
  }
}
