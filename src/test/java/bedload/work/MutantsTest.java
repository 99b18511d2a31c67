package bedload.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bedload.ledger.Shards;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tests under test: the rules that the engine stands on are taken out of its source one by one,
 * and for each a test has to fail. What is changed exists in this test alone.
 */
@Tag("slow")
class MutantsTest {
  /** Tests that were seen to pass as long as no rule is missing. */
  private static final Set<String> SOUND = new HashSet<>();

  private static final Path SOURCES = Path.of("src", "main", "java");

  /**
   * A rule taken out.
   *
   * @param source the file that holds it
   * @param rule its text there
   * @param instead what stands in its place
   * @param test class and method of the test that has to fail
   */
  record Mutant(String name, String source, String rule, String instead, String test) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Mutant> mutants() {
    String simulation = "bedload.work.SimulationTest#aFewSeedsKeepEveryPromise";
    return Stream.of(
        new Mutant(
            "fencing off",
            "bedload/ledger/Shards.java",
            """
                     and epoch = :epoch and state = 'Running'
                     for update
            """,
            """
                     for update
            """,
            "bedload.ledger.ShardsTest#aLeaseIsVoidOnceTheShardIsClaimedAnew"),
        new Mutant(
            "claim without its pick",
            "bedload/ledger/Shards.java",
            "and picked_by = :node)",
            "and :node = :node)",
            "bedload.ledger.ShardsTest#whoHasLostItsPickClaimsNothing"),
        new Mutant(
            "end and next step in two transactions",
            "bedload/ledger/Shards.java",
            "callForNextStepIfLast(handle, lease.shard().job(), clock.instant());",
            "handle.commit(); callForNextStepIfLast(handle, lease.shard().job(), clock.instant());",
            "bedload.ledger.ShardsTest#anEndWhoseNextStepCannotBeWrittenIsNoEnd"),
        new Mutant(
            "bitmaps not compared",
            "bedload/work/Recovery.java",
            "if (!isKnown && !segment.ordinals().intersects(durable)) {",
            "if (!isKnown) {",
            simulation),
        new Mutant(
            "lapse not checked",
            "bedload/work/LeaseProof.java",
            "return nanoTime.getAsLong() - provenAtNanos <= termNanos;",
            "return true;",
            simulation),
        new Mutant(
            "journals of earlier claims not read",
            "bedload/work/Journals.java",
            "number(name, 1) < lease.epoch()",
            "number(name, 1) < 0",
            simulation),
        new Mutant(
            "row before object",
            "bedload/work/SegmentWriter.java",
            "objects.put(shard, segment, lines);",
            "shards.commit(lease, segment, List.of()); objects.put(shard, segment, lines);",
            simulation));
  }

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("mutants")
  void aRuleThatIsTakenOutIsMissed(Mutant mutant) throws Exception {
    Path source = SOURCES.resolve(mutant.source());
    String text = Files.readString(source);
    assertThat(text).as("the rule in %s", source).contains(mutant.rule());
    if (SOUND.add(mutant.test())) {
      assertThatCode(() -> run(mutant.test(), folder.resolve("none"))).doesNotThrowAnyException();
    }

    Path changed = folder.resolve(mutant.source());
    Files.createDirectories(changed.resolveSibling(""));
    Files.writeString(changed, text.replace(mutant.rule(), mutant.instead()));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    compile(changed, classes);

    assertThatThrownBy(() -> run(mutant.test(), classes)).isInstanceOf(Throwable.class);
  }

  private static void compile(Path source, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiles =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of(
                      "-proc:none",
                      "-nowarn",
                      "-parameters",
                      "-d",
                      classes.toString(),
                      "-cp",
                      System.getProperty("java.class.path")),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertThat(compiles).as("%s", said).isTrue();
    }
  }

  /** Runs one test method over changed classes, as JUnit would; throws what it throws. */
  private void run(String test, Path changed) throws Throwable {
    String[] names = test.split("#");
    try (ChangedFirst loader = new ChangedFirst(changed)) {
      Class<?> type = loader.loadClass(names[0]);
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      Object instance = constructor.newInstance();
      for (Field field : type.getDeclaredFields()) {
        if (field.isAnnotationPresent(TempDir.class)) {
          field.setAccessible(true);
          field.set(instance, Files.createTempDirectory(folder, "own-"));
        }
      }
      callAll(instance, BeforeEach.class);
      try {
        call(instance, type.getDeclaredMethod(names[1]));
      } finally {
        callAll(instance, AfterEach.class);
      }
    }
  }

  private static void callAll(Object instance, Class<? extends Annotation> marked)
      throws Throwable {
    for (Method method : instance.getClass().getDeclaredMethods()) {
      if (method.isAnnotationPresent(marked)) {
        call(instance, method);
      }
    }
  }

  private static void call(Object instance, Method method) throws Throwable {
    method.setAccessible(true);
    try {
      method.invoke(instance);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /** Loads the ledger and the work anew, the changed classes before all others. */
  private static final class ChangedFirst extends URLClassLoader {
    ChangedFirst(Path changed) throws IOException {
      super(
          new URL[] {changed.toUri().toURL(), home(Shards.class), home(MutantsTest.class)},
          MutantsTest.class.getClassLoader());
    }

    private static URL home(Class<?> type) {
      return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("bedload.ledger.") && !name.startsWith("bedload.work.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }
}
