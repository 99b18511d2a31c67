package bedload.work;

import bedload.job.InputObject;
import bedload.job.Job;
import bedload.job.S3Uri;
import bedload.job.Shard;
import bedload.ledger.InputFault;
import bedload.object.ObjectStore;
import bedload.object.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads all objects of a job's input once, holds them to the limits, and gathers what is wrong with
 * them and how they are cut. Goes on behind a bad line: the owner hears of all of them at once. For
 * one job; not thread-safe.
 */
final class InputSurvey {
  private final Job job;
  private final ObjectStore store;
  private final InputLimits limits;
  private final TestWishes wishes;
  private final RecordIds ids = new RecordIds();
  private final List<InputObject> inputs = new ArrayList<>();
  private final List<Shard> shards = new ArrayList<>();
  private final List<InputFault> faults = new ArrayList<>();
  private long faultCount;
  private long records;
  private long sizeBytes;

  InputSurvey(Job job, ObjectStore store, InputLimits limits, TestWishes wishes) {
    this.job = job;
    this.store = store;
    this.limits = limits;
    this.wishes = wishes;
  }

  /**
   * Reads everything.
   *
   * @throws JobTrouble if the input cannot be read, or breaks a limit; bad lines are none yet
   */
  void run() throws JobTrouble, IOException {
    for (InputListing.Found found : InputListing.of(store, job.spec().input().uri())) {
      take(found);
    }
    if (faultCount == 0) {
      limits.requireEnough(job, records);
    }
  }

  private void take(InputListing.Found found) throws JobTrouble, IOException {
    StoredObject object = found.object();
    String name = object.uri().toString();
    sizeBytes += object.sizeBytes();
    limits.requireBytes(name, object.sizeBytes(), sizeBytes);
    InputCheck.Report report = read(object.uri(), new InputCheck(ids, InputCheck.SHARD_RECORDS));
    records += report.records();
    limits.requireRecords(name, report.records(), records);
    keep(object.uri(), report);
    inputs.add(
        new InputObject(
            inputs.size(),
            object.uri(),
            found.relativeName(),
            report.sizeBytes(),
            object.etag(),
            report.records()));
    for (InputCheck.Cut cut : cuts(object.uri(), report)) {
      shards.add(cut.toShard(job.id(), shards.size(), inputs.getLast().number()));
    }
  }

  private InputCheck.Report read(S3Uri object, InputCheck check) throws JobTrouble, IOException {
    InputStream bytes =
        StoreTrouble.orFailJob("The input cannot be read", () -> store.read(object));
    return check.check(bytes, read -> {});
  }

  private void keep(S3Uri object, InputCheck.Report report) {
    faultCount += report.faultCount();
    for (LineFault fault : report.faults()) {
      if (faults.size() < InputCheck.FAULTS_KEPT) {
        faults.add(
            new InputFault(object, fault.line(), fault.column(), fault.rule(), fault.found()));
      }
    }
  }

  private List<InputCheck.Cut> cuts(S3Uri object, InputCheck.Report report)
      throws JobTrouble, IOException {
    int wanted = wishes.shardRecords(report.records(), InputCheck.SHARD_RECORDS);
    return wanted == InputCheck.SHARD_RECORDS
        ? report.cuts()
        : read(object, new InputCheck(new RecordIds(), wanted)).cuts();
  }

  List<InputObject> inputs() {
    return List.copyOf(inputs);
  }

  List<Shard> shards() {
    return List.copyOf(shards);
  }

  /** Returns the first bad lines of the whole input; empty if there are none. */
  List<InputFault> faults() {
    return List.copyOf(faults);
  }

  /** Returns how many lines are bad in all. */
  long faultCount() {
    return faultCount;
  }

  /** Returns what to say of recordIds that occur more than once; empty if nothing. */
  String repetition() {
    return InputCheck.repetition(ids);
  }
}
