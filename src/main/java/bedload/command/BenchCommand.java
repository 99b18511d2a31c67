package bedload.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures parts of bedload on this machine. */
@Command(
    description = "Measure a part of bedload on this machine.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload bench translate --rounds 9"},
    subcommands = {
      BenchTranslateCommand.class,
      BenchEmbedCommand.class,
      BenchCapacityCommand.class,
      BenchFeedCommand.class,
      BenchValidateCommand.class,
      BenchMemoryCommand.class,
      BenchScaleCommand.class,
      BenchRecoverCommand.class,
      BenchKillsCommand.class,
      BenchCatalogCommand.class,
      BenchSyncCommand.class
    })
final class BenchCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Say what to measure: translate, embed, capacity, feed, validate, memory, scale, recover, kills, catalog or sync, as in: bedload bench translate");
  }
}
