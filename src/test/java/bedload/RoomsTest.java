package bedload;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the house to its plan: which room may use which. ARCHITECTURE.md has the same table. */
class RoomsTest {
  private static final Map<String, Set<String>> MAY_USE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("job", Set.of()),
              Map.entry("wire", Set.of()),
              Map.entry("database", Set.of()),
              Map.entry("object", Set.of("job", "wire", "database")),
              Map.entry("model", Set.of("job", "trace")),
              Map.entry("trace", Set.of("job")),
              Map.entry("ledger", Set.of("job", "database")),
              Map.entry("catalog", Set.of("database")),
              Map.entry("announce", Set.of("job", "wire", "ledger", "catalog", "trace")),
              Map.entry("api", Set.of("job", "wire", "ledger")),
              Map.entry("work", Set.of("job", "object", "model", "ledger", "trace")),
              Map.entry("collect", Set.of("job", "wire", "ledger", "catalog")),
              Map.entry("web", Set.of("job", "wire", "object", "ledger", "catalog"))));

  private static final JavaClasses BEDLOAD =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("bedload");

  private static String inside(String room) {
    return "bedload." + room + "..";
  }

  @Test
  void everyPackageBelongsToARoomOrToTheTop() {
    Set<String> packages =
        BEDLOAD.stream()
            .map(type -> type.getPackageName().split("\\."))
            .filter(names -> names.length > 1)
            .map(names -> names[1])
            .collect(Collectors.toSet());
    packages.remove("command");
    assertThat(MAY_USE.keySet()).containsAll(packages);
  }

  @Test
  void everyRoomUsesOnlyTheRoomsBelowThatThePlanGivesIt() {
    MAY_USE.forEach(
        (room, mayUse) -> {
          List<String> allowed = new ArrayList<>(mayUse.stream().map(RoomsTest::inside).toList());
          allowed.add(inside(room));
          noClasses()
              .that()
              .resideInAPackage(inside(room))
              .should()
              .dependOnClassesThat(
                  resideInAPackage("bedload..")
                      .and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
              .allowEmptyShould(true)
              .because("the plan of the house gives " + room + " only " + mayUse)
              .check(BEDLOAD);
        });
  }

  @Test
  void theWordsOfAJobNeedNothingButJava() {
    classes()
        .that()
        .resideInAPackage("bedload.job..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("bedload.job..", "java..", "org.jspecify.annotations..")
        .check(BEDLOAD);
  }

  @Test
  void theWordsOfAJobDoNoInputOrOutputAndReadNoClock() {
    noClasses()
        .that()
        .resideInAPackage("bedload.job..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..", "java.nio.file..", "java.net..", "java.sql..", "java.util.concurrent..")
        .orShould()
        .callMethod(Instant.class, "now")
        .check(BEDLOAD);
  }

  @Test
  void noTwoPackagesOfARoomNeedEachOtherAndNoTwoRooms() {
    SlicesRuleDefinition.slices()
        .matching("bedload.(*)..")
        .should()
        .beFreeOfCycles()
        .check(BEDLOAD);
  }

  @Test
  void onlyTheMainClassKnowsTheCommands() {
    noClasses()
        .that()
        .resideOutsideOfPackage("bedload.command..")
        .and()
        .doNotHaveFullyQualifiedName(Bedload.class.getName())
        .should()
        .dependOnClassesThat()
        .resideInAPackage("bedload.command..")
        .check(BEDLOAD);
  }

  @Test
  void timeComesInByTheConstructor() {
    noClasses()
        .that()
        .resideOutsideOfPackage("bedload.command..")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .because("a test must be able to set the clock: take an InstantSource")
        .check(BEDLOAD);
  }

  @Test
  void onlyTheMainClassEndsTheProcess() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Bedload.class.getName())
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(BEDLOAD);
  }

  @Test
  void onlyCommandsPrint() {
    noClasses()
        .that()
        .resideOutsideOfPackage("bedload.command..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(BEDLOAD);
  }

  @Test
  void nobodyLogsPastSlf4j() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .check(BEDLOAD);
  }
}
