package bedload.command;

import bedload.ExitCode;
import bedload.model.body.Family;
import bedload.model.body.Json;
import bedload.model.body.Served;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Measures what the translation of a record costs beside its call. */
@Command(
    name = "translate",
    description =
        "CPU time to read a record's body, make the server's call of it, and make the record's output of the server's answer.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  bedload bench translate --records 5000 --rounds 7"})
final class BenchTranslateCommand implements Callable<Integer> {
  private static final Served SERVED = Served.strictly("served");

  /** About 150 words: what a record of a classification or a summary is like. */
  private static final String TEXT =
      "A river carries its load in three ways, and the coarse part of it rolls along the bed. "
          .repeat(11);

  private static final String CHAT_ANSWER =
      """
      {"id":"c1","object":"chat.completion","created":1,"model":"served","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"usage":{"prompt_tokens":210,"completion_tokens":60,"total_tokens":270}}
      """
          .formatted(TEXT.substring(0, 300));
  private static final String TEXT_ANSWER =
      """
      {"id":"c1","object":"text_completion","created":1,"model":"served","choices":[{"index":0,"text":"%s","finish_reason":"stop"}],"usage":{"prompt_tokens":210,"completion_tokens":60,"total_tokens":270}}
      """
          .formatted(TEXT.substring(0, 300));

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Rounds after the warm-up, of which the median counts (default: ${DEFAULT-VALUE}).",
      defaultValue = "9")
  private int rounds = 9;

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "Records in a round (default: ${DEFAULT-VALUE}).",
      defaultValue = "20000")
  private int records = 20_000;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @SuppressWarnings("ArrayRecordComponent") // read in the rounds; nobody compares bodies
  private record Body(Family family, byte[] request, byte[] answer) {
    static Body of(Family family, String request, String answer) {
      return new Body(
          family,
          request.formatted(TEXT).strip().getBytes(StandardCharsets.UTF_8),
          answer.strip().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the length of what came out, so that nothing of the work can be left out. */
    int translate() {
      JsonNode input = Json.input(request);
      return family.toServer(input, SERVED).body().length
          + family.fromServer(answer, input, SERVED).json().length;
    }
  }

  private static List<Body> bodies() {
    return List.of(
        Body.of(
            Family.ANTHROPIC_MESSAGES,
            """
            {"anthropic_version":"bedrock-2023-05-31","max_tokens":256,"temperature":0.2,"system":"Be brief.","messages":[{"role":"user","content":[{"type":"text","text":"%s"}]}]}
            """,
            CHAT_ANSWER),
        Body.of(
            Family.CONVERSE,
            """
            {"system":[{"text":"Be brief."}],"messages":[{"role":"user","content":[{"text":"%s"}]}],"inferenceConfig":{"maxTokens":256,"temperature":0.2}}
            """,
            CHAT_ANSWER),
        Body.of(
            Family.OPENAI_CHAT,
            """
            {"max_tokens":256,"temperature":0.2,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"%s"}]}
            """,
            CHAT_ANSWER),
        Body.of(
            Family.COHERE_COMMAND_R,
            """
            {"message":"%s","preamble":"Be brief.","max_tokens":256,"temperature":0.2}
            """,
            CHAT_ANSWER),
        Body.of(
            Family.LLAMA,
            """
            {"prompt":"%s","max_gen_len":256,"temperature":0.2}
            """,
            TEXT_ANSWER));
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "family              CPU µs a record: median (least to most of %d rounds)"
            .formatted(rounds));
    for (Body body : bodies()) {
      double[] micros = new double[rounds];
      // As many rounds again first: the compiler has to have seen all of it.
      for (int i = -rounds; i < rounds; i++) {
        double measured = round(body);
        if (i >= 0) {
          micros[i] = measured;
        }
      }
      Arrays.sort(micros);
      out.println(
          String.format(
              Locale.ROOT,
              "%-18s  %6.1f (%.1f to %.1f)",
              body.family().wireName(),
              micros[rounds / 2],
              micros[0],
              micros[rounds - 1]));
    }
    return ExitCode.OK.number();
  }

  private double round(Body body) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long began = threads.getCurrentThreadCpuTime();
    long length = 0;
    for (int i = 0; i < records; i++) {
      length += body.translate();
    }
    if (length == 0) {
      throw new IllegalStateException("Nothing was translated");
    }
    return (threads.getCurrentThreadCpuTime() - began) / 1e3 / records;
  }
}
