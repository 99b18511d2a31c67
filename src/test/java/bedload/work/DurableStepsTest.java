package bedload.work;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds that whatever the engine writes has a point at which a test makes the process die. */
class DurableStepsTest {
  /** The books that the engine writes in; all else in their package are values. */
  private static final Set<String> BOOKS =
      Set.of(
          "Steps",
          "Shards",
          "ShardBook",
          "Queue",
          "QueuePlaces",
          "Tasks",
          "Inputs",
          "Grants",
          "Nodes",
          "Ledger",
          "Tags");

  /** What only reads. A new method of a book is taken for one that writes until it stands here. */
  private static final Set<String> READS =
      Set.of(
          "Steps.find",
          "Steps.hasTimedOut",
          "Shards.of",
          "Shards.segments",
          "ShardBook.segments",
          "Shards.pulse",
          "Shards.isKeptElsewhere",
          "ShardBook.pulse",
          "Inputs.of");

  /** What is written and needs no point, and why. */
  private static final Map<String, String> WITHOUT =
      Map.ofEntries(
          entry("Shards.pause", "a sentence for people, which the next claim removes"),
          entry("Shards.keep", "written again at the next try, which the shard's own task brings"),
          entry(
              "Shards.goOn", "what was kept is adopted by then, and the next claim does it again"),
          entry("Steps.remark", "a sentence for people, written again by the next claim"),
          entry("Grants.set", "what the settings say, written at each start"),
          entry("Grants.renew", "shares end by themselves"),
          entry("Grants.giveBack", "shares end by themselves"),
          entry("Nodes.join", "tells who works"),
          entry("Nodes.seen", "tells who works, and is told again in a moment"),
          entry("Nodes.leave", "tells who works no more, which its silence would tell"),
          entry("QueuePlaces.reckon", "reckoned anew every two seconds"));

  private static final Set<String> OTHERS =
      Set.of(
          "ObjectStore.put",
          "ObjectStore.deleteAll",
          "ObjectStore.upload",
          "ObjectStore.abortUploads",
          "ObjectUpload.append",
          "ObjectUpload.complete",
          "SegmentObjects.put",
          "Journals.create",
          "Journals.delete",
          "Journals.forget",
          "Journal.append",
          "Journal.force");

  /** They do what others ask for, and those pass the points. */
  private static final Set<String> TOOLS = Set.of("SegmentObjects", "Journal");

  @Test
  void everyDurableStepOfTheEngineHasAPointToDieAt() {
    Set<String> without = new TreeSet<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages("bedload.work")) {
      if (!TOOLS.contains(type.getSimpleName())) {
        type.getCodeUnits().forEach(unit -> without.addAll(stepsWithoutPoint(unit)));
      }
    }
    // In order: what was appended is forced once more, and the file stays for the next claim.
    without.remove("Journals.close: Journal.force");

    assertThat(without).isEmpty();
  }

  private static List<String> stepsWithoutPoint(JavaCodeUnit unit) {
    boolean passes =
        unit.getMethodCallsFromSelf().stream()
            .map(DurableStepsTest::name)
            .anyMatch("CrashPoint.pass"::equals);
    return passes
        ? List.of()
        : unit.getMethodCallsFromSelf().stream()
            .filter(DurableStepsTest::isDurable)
            .map(call -> unit.getOwner().getSimpleName() + "." + unit.getName() + ": " + name(call))
            .toList();
  }

  private static boolean isDurable(JavaMethodCall call) {
    String name = name(call);
    return OTHERS.contains(name)
        || (call.getTargetOwner().getPackageName().equals("bedload.ledger")
            && BOOKS.contains(call.getTargetOwner().getSimpleName())
            && !READS.contains(name)
            && !WITHOUT.containsKey(name));
  }

  private static String name(JavaMethodCall call) {
    return call.getTargetOwner().getSimpleName() + "." + call.getName();
  }
}
